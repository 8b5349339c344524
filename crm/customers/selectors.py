import unicodedata

from django.db.models import BooleanField, Func, Q, QuerySet, Value

from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Consent, Customer, CustomerIdentity, Purchase


class StartsWith(Func):
    function = "starts_with"
    output_field = BooleanField()


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
    """Present customers whose name, reading or address begins so, or with that order number.

    Compared by `starts_with` and `=` alone: under row-level security the database uses no
    index for LIKE, and would read every shop's rows to find one.
    """
    people = present_customers(shop_id)
    if not words:
        return people
    address = unicodedata.normalize("NFKC", words).casefold()
    orders = Purchase.objects.filter(shop_id=shop_id, external_id=words)
    identities = CustomerIdentity.objects.filter(shop_id=shop_id, external_id=words)
    return people.filter(
        Q(StartsWith("name", Value(words)))
        | Q(StartsWith("kana", Value(words)))
        | Q(StartsWith("email_norm", Value(address)))
        | Q(pk__in=orders.values("customer_id"))
        | Q(pk__in=identities.values("customer_id"))
    )
