"""What follows when a person says stop."""

from datetime import datetime

from django.db import transaction

from crm.customers.addresses import normalise
from crm.customers.enums import ConsentPurpose, ConsentState, SuppressionReason
from crm.customers.models import Customer
from crm.customers.selectors import latest_consent
from crm.customers.services import record_consent, suppress
from crm.ledger.enums import Kind
from crm.ledger.services import record_touchpoint
from crm.mail.enums import MailReason
from crm.mail.models import Mail
from crm.mail.services import cancel_mails_to


@transaction.atomic
def unsubscribe(*, shop_id: int, customer_id: int, at: datetime, evidence: dict[str, str]) -> None:
    """Write to this person no more, under any address we ever wrote to.

    Asking again changes nothing; neither does asking for somebody who is gone, whose
    address was suppressed when they were erased.
    """
    customer = _present_person(shop_id, customer_id)
    if customer is None:
        return
    sent_to = Mail.objects.filter(shop_id=shop_id, customer=customer).values_list(
        "to_address", flat=True
    )
    for address in {customer.email, *sent_to}:
        if normalise(address):
            suppress(
                shop_id=shop_id,
                address=address,
                reason=SuppressionReason.UNSUBSCRIBED,
                at=at,
            )
    for purpose in ConsentPurpose:
        if latest_consent(customer, purpose) != ConsentState.REFUSED:
            record_consent(
                customer=customer,
                purpose=purpose,
                state=ConsentState.REFUSED,
                at=at,
                evidence=evidence,
            )
    record_touchpoint(
        customer=customer,
        kind=Kind.UNSUBSCRIBED,
        at=at,
        source=f"mail.unsubscribed:{customer.pk}",
    )
    cancel_mails_to(customer, reason=MailReason.UNSUBSCRIBED)


def _present_person(shop_id: int, customer_id: int) -> Customer | None:
    """The person, or the one they were merged into, held; None when gone or erased."""
    people = Customer.objects.select_for_update(no_key=True)
    customer = people.filter(shop_id=shop_id, pk=customer_id).first()
    while customer and customer.merged_into_id:
        customer = people.filter(shop_id=shop_id, pk=customer.merged_into_id).first()
    return customer if customer and not customer.erased_at else None
