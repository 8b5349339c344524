"""What a person wishes of our mails: about what, and whether they rest for a while."""

from dataclasses import dataclass
from datetime import datetime

from crm.customers.addresses import stop_hmacs
from crm.customers.enums import (
    ConsentPurpose,
    ConsentState,
    SuppressionReason,
    SuppressionScope,
)
from crm.customers.models import Customer, Suppression
from crm.customers.quiet import FOR_GOOD
from crm.customers.selectors import latest_consent
from crm.mail.enums import LETTERS, Purpose


@dataclass(frozen=True)
class Wishes:
    """What may be written about, and until when even that is not to be.

    `is_cut_off`: whatever they wish, no mail of ours is let through to their address,
    because it bounced or somebody there reported us.
    """

    topics: frozenset[ConsentPurpose]
    quiet_until: datetime | None = None
    is_cut_off: bool = False

    @property
    def is_left_in_peace(self) -> bool:
        return self.quiet_until is not None and self.quiet_until >= FOR_GOOD


def wishes_of(customer: Customer, *, now: datetime) -> Wishes:
    """What holds for this person now."""
    suppressions = set(
        Suppression.objects.filter(
            shop_id=customer.shop_id,
            address_hmac__in=stop_hmacs(customer.email, shop_id=customer.shop_id),
        ).values_list("scope", "reason")
    )
    stopped = {scope for scope, reason in suppressions if reason == SuppressionReason.UNSUBSCRIBED}
    topics = {
        purpose
        for purpose in ConsentPurpose
        if _is_open(purpose, latest_consent(customer, purpose))
        and stopped.isdisjoint({SuppressionScope.ALL, SuppressionScope(purpose)})
    }
    is_quiet = customer.quiet_until is not None and customer.quiet_until > now
    return Wishes(
        topics=frozenset(topics),
        quiet_until=customer.quiet_until if is_quiet else None,
        is_cut_off=any(
            scope == SuppressionScope.ALL and reason != SuppressionReason.UNSUBSCRIBED
            for scope, reason in suppressions
        ),
    )


def purposes_about(topic: ConsentPurpose) -> frozenset[Purpose]:
    """The mails that fall under a topic."""
    return LETTERS if topic == ConsentPurpose.FOLLOW_UP else frozenset(Purpose) - LETTERS


def _is_open(purpose: ConsentPurpose, state: ConsentState | None) -> bool:
    """Questions about one's own order are asked unless refused, letters go to whom asked."""
    if purpose == ConsentPurpose.SURVEY:
        return state != ConsentState.REFUSED
    return state == ConsentState.GIVEN
