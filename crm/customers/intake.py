"""Customers and orders as another system tells of them: the one path for files, the API
and hand entry. Telling the same again changes nothing.

Each needs a transaction, and keeps other intakes of the shop waiting until its end: two
at once would each make a customer for the same guest. Somebody who was erased stays so: what
is told of the time before is nobody's, and only a later order makes a customer of them again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from crm.customers import bulk
from crm.customers.addresses import is_masked
from crm.customers.enums import VOID, PurchaseStatus
from crm.customers.models import Purchase, PurchaseLine
from crm.customers.register import Entry, PersonIn, Register, survivors
from crm.work import services as work


@dataclass(frozen=True, slots=True)
class LineIn:
    """A product in an order."""

    product: str
    code: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class OrderIn:
    """An order as another system knows it. None says nothing, and changes nothing."""

    external_id: str
    person: PersonIn
    ordered_at: datetime
    total: int  # hundredths, as refunded
    currency: str
    status: PurchaseStatus | None = None
    refunded: int | None = None
    delivered_at: datetime | None = None
    channel: str | None = None
    subscription_id: str | None = None
    subscription_no: int | None = None
    lines: tuple[LineIn, ...] | None = None


#: What an order takes over as it is told.
TOLD = (
    "ordered_at",
    "total",
    "currency",
    "status",
    "refunded",
    "delivered_at",
    "channel",
    "subscription_id",
    "subscription_no",
)


@dataclass
class Taken:
    """What a batch came to. `created`, `updated` and `unchanged` count what it lists."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    customers_created: int = 0
    customers_updated: int = 0
    unattached: int = 0  # orders of nobody: neither id nor address
    masked: int = 0  # people with a marketplace's stand-in for their address
    to_merge: list[PersonIn] = field(default_factory=list)  # made new, though they may be known
    people: list[int | None] = field(default_factory=list)  # the customer of each, as told


def take_in_customers(*, shop_id: int, source: str, people: Sequence[PersonIn]) -> Taken:
    """Make or update the customers of a list, which is believed in what it says of them."""
    one_at_a_time(shop_id)
    register = Register(shop_id=shop_id, source=source, people=people)
    entries: list[Entry | None] = [None] * len(people)
    for at in sorted(range(len(people)), key=lambda at: _ids_first(people[at])):
        entries[at] = entry = register.entry_of(people[at])
        if entry is not None:
            register.learn(entry, people[at], overwrite=True)
    made, changed = register.made, register.changed
    register.write()
    return Taken(
        created=made,
        updated=changed,
        unchanged=len(people) - made - changed,
        customers_created=made,
        customers_updated=changed,
        masked=sum(is_masked(person.email) for person in people),
        to_merge=register.doubtful,
        people=[entry.customer.pk if entry else None for entry in entries],
    )


def take_in_orders(*, shop_id: int, source: str, orders: Sequence[OrderIn]) -> Taken:
    """Make or update orders, and find or make who placed them; each external_id once.

    An order fills what is unknown of its customer and overwrites nothing. Every customer
    whose orders changed is marked for review.
    """
    one_at_a_time(shop_id)
    known = {
        purchase.external_id: purchase
        for purchase in Purchase.objects.filter(
            shop_id=shop_id, source=source, external_id__in=[order.external_id for order in orders]
        )
    }
    register = Register(shop_id=shop_id, source=source, people=[order.person for order in orders])
    entries = _who_ordered(register, orders, known)
    made, changed = register.made, register.changed
    register.write()

    owners = survivors(
        shop_id, {pk: pk for each in known.values() if (pk := each.customer_id) is not None}
    )

    created: list[Purchase] = []
    updated: list[Purchase] = []
    to_review: set[int | None] = set()
    for order, entry in zip(orders, entries, strict=True):
        purchase = known.get(order.external_id)
        is_new = purchase is None
        if purchase is None:
            purchase = Purchase(shop_id=shop_id, source=source, external_id=order.external_id)
            known[order.external_id] = purchase
        before = purchase.customer_id
        is_moved = _attach(purchase, entry, owners)
        is_changed = _take_over(purchase, order)
        if is_new or is_moved or is_changed:
            (created if is_new else updated).append(purchase)
            to_review |= {before, purchase.customer_id}
    bulk.insert(created)
    bulk.update(updated, [*TOLD, "customer", "voided_at", "refunded_at"])
    relined = _write_lines(shop_id, orders, known)
    work.mark_many("review", [pk for pk in to_review if pk is not None], shop_id=shop_id)

    changed_orders = {each.pk for each in updated} | relined - {each.pk for each in created}
    return Taken(
        created=len(created),
        updated=len(changed_orders),
        unchanged=len(orders) - len(created) - len(changed_orders),
        customers_created=made,
        customers_updated=changed,
        unattached=sum(known[order.external_id].customer_id is None for order in orders),
        masked=sum(is_masked(order.person.email) for order in orders),
        to_merge=register.doubtful,
        people=[known[order.external_id].customer_id for order in orders],
    )


def one_at_a_time(shop_id: int) -> None:
    """Keep other intakes of the shop, and whoever erases, waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"crm.customers.intake:{shop_id}"],
        )


def _ids_first(person: PersonIn) -> bool:
    # So that who is who in a batch does not depend on its order.
    return not person.external_id


def _who_ordered(
    register: Register, orders: Sequence[OrderIn], known: Mapping[str, Purchase]
) -> list[Entry | None]:
    """Who placed each order; None where the order stays with whom it has, if anybody."""
    entries: list[Entry | None] = [None] * len(orders)
    latest_first = sorted(range(len(orders)), key=lambda at: orders[at].ordered_at, reverse=True)
    for at in sorted(latest_first, key=lambda at: _ids_first(orders[at].person)):
        order, purchase = orders[at], known.get(orders[at].external_id)
        if purchase is not None and purchase.customer_id and not order.person.external_id:
            continue  # an address was enough to find them once; it may have changed hands since
        entries[at] = entry = register.entry_of(order.person, at=order.ordered_at)
        if entry is not None:
            register.learn(entry, order.person, overwrite=False)
    return entries


def _attach(purchase: Purchase, entry: Entry | None, owners: Mapping[int, int]) -> bool:
    """Give the order to its customer; whether that is a change.

    `owners` says who stands for whom after merges: an order of one who was merged stays
    with them, so that the merge can be undone.
    """
    if entry is None:
        return False
    if purchase.customer_id is not None and owners[purchase.customer_id] == entry.customer.pk:
        return False
    purchase.customer_id = entry.customer.pk
    return True


def _take_over(purchase: Purchase, order: OrderIn) -> bool:
    """Bring the order up to date; whether that is a change."""
    is_changed = False
    for name in TOLD:
        told = getattr(order, name)
        if told is not None and told != getattr(purchase, name):
            setattr(purchase, name, told)
            is_changed = True
    # When it was voided or refunded is not told; what is neither any more loses its moment.
    if purchase.status not in VOID:
        purchase.voided_at = None
    if not purchase.refunded:
        purchase.refunded_at = None
    return is_changed


def _write_lines(
    shop_id: int, orders: Sequence[OrderIn], purchases: Mapping[str, Purchase]
) -> set[int]:
    """Write the products of the orders that tell them; the ids of those that changed."""
    told = {
        purchases[order.external_id].pk: list(order.lines)
        for order in orders
        if order.lines is not None
    }
    written: dict[int, list[LineIn]] = defaultdict(list)
    for line in PurchaseLine.objects.filter(shop_id=shop_id, purchase_id__in=told).order_by(
        "purchase_id", "position"
    ):
        written[line.purchase_id].append(LineIn(line.product, line.code, line.quantity))
    changed = {pk for pk, lines in told.items() if lines != written[pk]}
    PurchaseLine.objects.filter(
        shop_id=shop_id, purchase_id__in=[pk for pk in changed if written[pk]]
    ).delete()
    bulk.insert(
        [
            PurchaseLine(
                shop_id=shop_id,
                purchase_id=pk,
                position=position,
                product=line.product,
                code=line.code,
                quantity=line.quantity,
            )
            for pk in sorted(changed)
            for position, line in enumerate(told[pk], start=1)
        ]
    )
    return changed
