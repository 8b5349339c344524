"""Who they are and what they bought, as rows."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from crm.customers import bulk
from crm.customers.addresses import normalise
from crm.customers.enums import ConsentPurpose, ConsentState, PurchaseStatus
from crm.customers.models import Consent, Customer, CustomerIdentity, Purchase, PurchaseLine
from horetsu_site.demo.batch import SOURCE, Batch
from horetsu_site.demo.life import Order, Person
from horetsu_site.demo.words import read

FREE_SHIPPING_FROM, SHIPPING = 5400, 550
QUIET_FOR = 60  # days


def write_customers(batch: Batch) -> None:
    batch.customers = [
        _customer(number, person, batch) for number, person in enumerate(batch.people, batch.first)
    ]
    met_first = sorted(batch.known, key=lambda one: -one[0].met_ago)
    bulk.insert([customer for _person, customer in met_first])
    bulk.insert(
        [
            CustomerIdentity(
                shop_id=batch.shop.pk,
                customer_id=customer.pk,
                source=SOURCE,
                external_id=f"{number:05}",
            )
            for number, customer in enumerate(batch.customers, batch.first)
        ]
    )
    Consent.objects.bulk_create(
        [
            Consent(
                shop_id=batch.shop.pk,
                customer_id=customer.pk,
                purpose=ConsentPurpose.FOLLOW_UP,
                state=ConsentState.GIVEN,
                at=batch.at(person.met_ago, 12 * 60),
                evidence={"form": "checkout"},
            )
            for person, customer in batch.known
            if person.wants_letters
        ],
        batch_size=1000,
    )


def write_purchases(batch: Batch) -> None:
    sold: list[tuple[Purchase, tuple[str, ...]]] = []
    for number, (person, customer) in enumerate(batch.known, batch.first):
        for place, order in enumerate(person.orders):
            goods = batch.goods(order)
            purchase = _purchase(customer, f"{number:05}-{place + 1:02}", order, goods, batch)
            batch.purchases[customer.pk, place] = purchase
            sold.append((purchase, goods))
    purchases = list(batch.purchases.values())
    purchases.sort(key=lambda each: each.ordered_at)
    bulk.insert(purchases)
    bulk.insert([line for purchase, goods in sold for line in _lines(purchase, goods)])


def _customer(number: int, person: Person, batch: Batch) -> Customer:
    address = f"customer{number:05}@{batch.shop.slug}.example"
    if person.is_masked:
        address = f"{number:05}@fw.rakuten.ne.jp"
    if person.is_without_address:
        address = ""
    return Customer(
        shop_id=batch.shop.pk,
        name=person.name,
        kana=person.kana,
        locale=person.locale,
        email=address,
        email_norm=normalise(address),
        is_contactable=not person.is_masked,
        quiet_until=batch.at(-QUIET_FOR, 0) if person.is_left_quiet else None,
    )


def _purchase(
    customer: Customer, number: str, order: Order, goods: Sequence[str], batch: Batch
) -> Purchase:
    at = batch.at(order.ago, order.minute)
    price = sum(read("goods")[good]["yen"] for good in goods)
    total = price if price >= FREE_SHIPPING_FROM else price + SHIPPING
    arrives_ago = order.ago - order.days_under_way
    has_arrived = arrives_ago > 0 and not order.is_cancelled
    status = PurchaseStatus.DELIVERED if has_arrived else PurchaseStatus.SHIPPED
    return Purchase(
        shop_id=batch.shop.pk,
        customer_id=customer.pk,
        source=SOURCE,
        external_id=number,
        ordered_at=at,
        total=total * 100,
        currency=batch.shop.currency,
        status=PurchaseStatus.CANCELLED if order.is_cancelled else status,
        voided_at=at + timedelta(minutes=20) if order.is_cancelled else None,
        delivered_at=batch.at(arrives_ago, 11 * 60) if has_arrived else None,
        channel=order.channel,
        subscription_id=f"{customer.pk}" if order.renewal else "",
        subscription_no=order.renewal,
        subscription_agreed=3 if order.renewal else None,
    )


def _lines(purchase: Purchase, goods: Sequence[str]) -> Iterator[PurchaseLine]:
    for position, good in enumerate(dict.fromkeys(goods), start=1):
        it = read("goods")[good]
        yield PurchaseLine(
            shop_id=purchase.shop_id,
            purchase_id=purchase.pk,
            position=position,
            product=it["product"],
            quantity=goods.count(good),
            unit_price=it["yen"] * 100,
        )
