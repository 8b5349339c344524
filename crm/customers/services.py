from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crm.customers.addresses import address_hmac, mailbox, normalise, stop_hmacs
from crm.customers.enums import ConsentPurpose, ConsentState, SuppressionReason, SuppressionScope
from crm.customers.models import Consent, Customer, Suppression


def suppress(
    *,
    shop_id: int,
    address: str,
    reason: SuppressionReason,
    at: datetime,
    scope: SuppressionScope = SuppressionScope.ALL,
) -> None:
    """Write to this address no more. Saying it again keeps the first reason.

    One that does not exist is this one writing alone; whatever else is the reason, it holds
    for every writing of the mailbox.
    """
    if reason != SuppressionReason.BOUNCED:
        address = mailbox(address)
    Suppression.objects.get_or_create(
        shop_id=shop_id,
        address_hmac=address_hmac(address, shop_id=shop_id),
        scope=scope,
        defaults={"reason": reason, "at": at},
    )


@transaction.atomic
def record_consent(
    *,
    customer: Customer,
    purpose: ConsentPurpose,
    state: ConsentState,
    at: datetime,
    evidence: dict[str, str],
) -> Consent:
    """What the person said, with how we know; the latest word counts."""
    return Consent.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        purpose=purpose,
        state=state,
        at=at,
        evidence=evidence,
    )


def is_suppressed(*, shop_id: int, address: str, scope: SuppressionScope) -> bool:
    """Whether this address said stop to this scope or to everything, or cannot be reached."""
    if not normalise(address):
        return True
    return Suppression.objects.filter(
        Q(scope=scope) | Q(scope=SuppressionScope.ALL),
        shop_id=shop_id,
        address_hmac__in=stop_hmacs(address, shop_id=shop_id),
    ).exists()
