"""What follows when a person says stop, or what they would rather have.

A wish holds for the person and for every address we ever wrote to them at: for the person,
because an import may bring another address; for the addresses, because it outlives the
person's erasure. Each service returns what was wished before, so that a wrong tap can be
undone, and None for somebody who is gone, whose addresses were suppressed when they were
erased.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crm.customers.addresses import address_hmac, mailbox, normalise, stop_hmacs
from crm.customers.enums import (
    ConsentPurpose,
    ConsentState,
    SuppressionReason,
    SuppressionScope,
)
from crm.customers.models import Customer, Suppression
from crm.customers.selectors import latest_consent
from crm.customers.services import record_consent, suppress
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint, set_standing
from crm.mail.enums import MailReason
from crm.mail.models import Mail
from crm.mail.services import cancel_mails_to
from crm.mail.wishes import Wishes, purposes_about, wishes_of

Evidence = dict[str, str]


@transaction.atomic
def unsubscribe(
    *, shop_id: int, customer_id: int, at: datetime, evidence: Evidence
) -> Wishes | None:
    """Write to this person no more, under any address we ever wrote to.

    Asking again changes nothing.
    """
    customer = present_person(shop_id, customer_id, lock=True)
    if customer is None:
        return None
    before = wishes_of(customer, now=at)
    _stop(customer, at, evidence)
    return before


@transaction.atomic
def choose(
    *,
    shop_id: int,
    customer_id: int,
    topics: Collection[ConsentPurpose],
    quiet_until: datetime | None,
    at: datetime,
    evidence: Evidence,
) -> Wishes | None:
    """Write to this person about these topics only, and not before `quiet_until`.

    No topic at all is to unsubscribe. To choose a topic again takes back that it was
    refused; an address that bounced stays suppressed all the same.
    """
    customer = present_person(shop_id, customer_id, lock=True)
    if customer is None:
        return None
    before = wishes_of(customer, now=at)
    if quiet_until != customer.quiet_until:
        customer.quiet_until = quiet_until
        customer.save(update_fields=["quiet_until"])
    if not topics:
        _stop(customer, at, evidence)
    elif before.topics != frozenset(topics):
        _change_topics(customer, before.topics, topics, at, evidence)
    return before


def present_person(shop_id: int, customer_id: int, *, lock: bool = False) -> Customer | None:
    """The person, or the one they were merged into; None when gone or erased."""
    people = Customer.objects.select_for_update(no_key=True) if lock else Customer.objects.all()
    customer = people.filter(shop_id=shop_id, pk=customer_id).first()
    while customer and customer.merged_into_id:
        customer = people.filter(shop_id=shop_id, pk=customer.merged_into_id).first()
    return customer if customer and not customer.erased_at else None


def _stop(customer: Customer, at: datetime, evidence: Evidence) -> None:
    addresses = _addresses(customer)
    stopped = _suppressions(customer, addresses).filter(scope=SuppressionScope.ALL)
    asked = {address_hmac(mailbox(each), shop_id=customer.shop_id) for each in addresses}
    is_news = not asked <= set(stopped.values_list("address_hmac", flat=True))
    for purpose in ConsentPurpose:
        is_news |= _say(customer, purpose, ConsentState.REFUSED, at, evidence)
    for address in addresses:
        _suppress(customer, address, SuppressionScope.ALL, at)
    if is_news:
        record_touchpoint(
            customer=customer,
            kind=Kind.UNSUBSCRIBED,
            at=at,
            source=f"mail.unsubscribed:{customer.pk}:{at.isoformat()}",
        )
    cancel_mails_to(customer, reason=MailReason.UNSUBSCRIBED)


def _change_topics(
    customer: Customer,
    before: Collection[ConsentPurpose],
    topics: Collection[ConsentPurpose],
    at: datetime,
    evidence: Evidence,
) -> None:
    addresses = _addresses(customer)
    _suppressions(customer, addresses).filter(reason=SuppressionReason.UNSUBSCRIBED).delete()
    for purpose in ConsentPurpose:
        if purpose in topics and purpose not in before:
            _say(customer, purpose, ConsentState.GIVEN, at, evidence)
        if purpose in before and purpose not in topics:
            _say(customer, purpose, ConsentState.REFUSED, at, evidence)
            cancel_mails_to(
                customer, reason=MailReason.UNSUBSCRIBED, purposes=purposes_about(purpose)
            )
        if latest_consent(customer, purpose) == ConsentState.REFUSED:
            for address in addresses:
                _suppress(customer, address, SuppressionScope(purpose), at)
    if not before:
        _take_back_farewell(customer)


def _take_back_farewell(customer: Customer) -> None:
    """They write again, so that they had asked us to stop weighs on nothing any more."""
    farewell = (
        Touchpoint.objects.filter(
            shop_id=customer.shop_id,
            customer=customer,
            kind=Kind.UNSUBSCRIBED,
            standing=Standing.COUNTS,
        )
        .order_by("-at")
        .first()
    )
    if farewell is not None:
        set_standing(touchpoint=farewell, standing=Standing.SHOWN)


def _say(
    customer: Customer,
    purpose: ConsentPurpose,
    state: ConsentState,
    at: datetime,
    evidence: Evidence,
) -> bool:
    """Keep what they say, unless it is what they said last; whether it was news."""
    if latest_consent(customer, purpose) == state:
        return False
    record_consent(customer=customer, purpose=purpose, state=state, at=at, evidence=evidence)
    return True


def _addresses(customer: Customer) -> set[str]:
    """Every address that we have or had of them."""
    sent_to = Mail.objects.filter(shop_id=customer.shop_id, customer=customer).values_list(
        "to_address", flat=True
    )
    return {normalise(address) for address in {customer.email, *sent_to}} - {""}


def _suppressions(customer: Customer, addresses: Collection[str]) -> QuerySet[Suppression]:
    hmacs = {
        each for address in addresses for each in stop_hmacs(address, shop_id=customer.shop_id)
    }
    return Suppression.objects.filter(shop_id=customer.shop_id, address_hmac__in=hmacs)


def _suppress(customer: Customer, address: str, scope: SuppressionScope, at: datetime) -> None:
    suppress(
        shop_id=customer.shop_id,
        address=address,
        reason=SuppressionReason.UNSUBSCRIBED,
        at=at,
        scope=scope,
    )
