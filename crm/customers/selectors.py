from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Consent, Customer


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
