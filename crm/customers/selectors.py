from django.db.models import QuerySet

from crm.customers.addresses import normalise
from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Consent, Customer
from crm.customers.search import found_customers


def latest_consent(customer: Customer, purpose: ConsentPurpose) -> ConsentState | None:
    """The person's latest word on this purpose; None when nothing was ever said."""
    state = (
        Consent.objects.filter(shop_id=customer.shop_id, customer=customer, purpose=purpose)
        .order_by("-at", "-id")
        .values_list("state", flat=True)
        .first()
    )
    return ConsentState(state) if state else None


def language_of(customer: Customer, shop_locale: str) -> str:
    """The language this person is written to."""
    return customer.locale or shop_locale


def present_customers(shop_id: int) -> QuerySet[Customer]:
    """The people a shop knows: without those merged into another, and those erased."""
    return Customer.objects.filter(shop_id=shop_id, merged_into=None, erased_at=None)


def customers_matching(shop_id: int, words: str) -> QuerySet[Customer]:
    """Present customers whose name, reading or address has these words in it, or who have that
    customer or order number; all of them without words."""
    people = present_customers(shop_id)
    return people.filter(pk__in=found_customers(shop_id, words)) if words else people


def customers_with_address(shop_id: int, email: str) -> QuerySet[Customer]:
    """Present customers who have this address, the longest known first; nobody without one."""
    address = normalise(email)
    people = present_customers(shop_id)
    return people.filter(email_norm=address).order_by("pk") if address else people.none()
