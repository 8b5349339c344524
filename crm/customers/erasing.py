"""Forgetting a person, in every room at once.

Their row stays, and with it money, counts and scores, of nobody any more. What tells who it
was goes, as each room says in its `holdings.py`. Two things are kept as HMACs, useless to
whoever does not know the words already: that these addresses must not be written to, and
that these ids and addresses were erased, so that an old file does not bring the person back.

History never returns, but a person may: an order placed after the erasure is a new
customer's (crm/customers/register.py).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from crm.customers.enums import SuppressionReason
from crm.customers.erased_keys import address_key, id_key
from crm.customers.intake import one_at_a_time
from crm.customers.models import Customer, CustomerIdentity, ErasedKey
from crm.customers.registry import Person, forgetters, holdings
from crm.customers.services import suppress
from crm.shops import audit
from crm.shops.enums import Act
from crm.shops.models import User
from crm.work import services as work

#: So long may a page or a worker that knew the person just before still write about them.
STRAGGLERS = timedelta(minutes=5)


@transaction.atomic
def erase(*, customer: Customer, at: datetime, by: User | None) -> bool:
    """Forget this person, and whoever was merged into them; False when that was done before.

    Waits for intakes of the shop, which would write back what they have read. Whatever else
    is under way is forgotten by a second look a few minutes later.
    """
    one_at_a_time(customer.shop_id)
    people = _all_of(customer)
    if not people:
        return False
    person = person_of(customer.shop_id, people)
    for forget in forgetters:
        forget(person, at)
    for address in person.addresses:
        suppress(shop_id=person.shop_id, address=address, reason=SuppressionReason.ERASED, at=at)
    _remember_keys(person, people[0], at)
    forget_rows(person)
    Customer.objects.filter(shop_id=person.shop_id, pk__in=person.ids).update(
        erased_at=at, is_contactable=False, quiet_until=None
    )
    work.mark_many("forget", person.ids, shop_id=person.shop_id, due_at=at + STRAGGLERS)
    audit.record(Act.CUSTOMER_ERASED, shop=customer.shop, by=by, about=f"customer:{people[0].pk}")
    return True


def forget_rows(person: Person) -> None:
    """Leave nothing in any room's rows that tells who this was. Doing it again does no harm."""
    for holding in holdings.values():
        holding.forget(person)


def person_of(shop_id: int, people: list[Customer]) -> Person:
    """These customers, who are one person, by all that they are known by."""
    identities = CustomerIdentity.objects.filter(shop_id=shop_id, customer__in=people)
    return Person(
        shop_id=shop_id,
        ids=frozenset(each.pk for each in people),
        addresses=frozenset(each.email_norm for each in people) - {""},
        names=frozenset(name for each in people for name in (each.name, each.kana)) - {""},
        external_ids=frozenset(identities.values_list("source", "external_id")),
    )


def everyone_in(customer: Customer) -> list[Customer]:
    """The customer and all who were merged into them, the one who stands for all first."""
    of_shop = Customer.objects.filter(shop_id=customer.shop_id)
    while customer.merged_into_id:
        customer = of_shop.get(pk=customer.merged_into_id)
    found, merged = [customer], [customer]
    while merged := list(of_shop.filter(merged_into__in=merged).order_by("pk")):
        found += merged
    return found


def _all_of(customer: Customer) -> list[Customer]:
    """Everyone in the customer who is not erased yet, their rows held to the end.

    Not FOR UPDATE: an answer that refers to them must not wait for us while we wait for it.
    """
    people = everyone_in(customer)
    held = Customer.objects.select_for_update(no_key=True).filter(
        Q(erased_at=None), shop_id=customer.shop_id, pk__in=[each.pk for each in people]
    )
    present = {each.pk: each for each in held.order_by("pk")}
    return [present[each.pk] for each in people if each.pk in present]


def _remember_keys(person: Person, customer: Customer, at: datetime) -> None:
    shop_id = person.shop_id
    keys = {address_key(address, shop_id=shop_id) for address in person.addresses}
    keys |= {id_key(source, word, shop_id=shop_id) for source, word in person.external_ids}
    ErasedKey.objects.bulk_create(
        [
            ErasedKey(shop_id=shop_id, customer=customer, key_hmac=key, erased_at=at)
            for key in sorted(keys)
        ],
        update_conflicts=True,  # erased once more, after they had come back
        unique_fields=["shop", "key_hmac"],
        update_fields=["customer", "erased_at"],
    )
