"""All that is known about an intended contact, read when it is asked about."""

from datetime import datetime, timedelta
from typing import Any

from crm.customers.enums import ConsentPurpose, ConsentState, SuppressionScope
from crm.customers.models import Customer, Purchase
from crm.customers.selectors import latest_consent
from crm.customers.services import is_suppressed
from crm.guard.models import GuardSettings
from crm.guard.rules import ABOUT_AN_ORDER, Case, Limits
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.mail.enums import SENT, Purpose
from crm.mail.models import Mail
from crm.stages.enums import Mark, Stage
from crm.stages.models import Relationship

_SCOPES = {Purpose.FOLLOW_UP: SuppressionScope.FOLLOW_UP}
_CONSENTS = {Purpose.FOLLOW_UP: ConsentPurpose.FOLLOW_UP}


def limits_of(shop_id: int) -> Limits:
    """The shop's restraint, or the default."""
    settings = GuardSettings.objects.filter(shop_id=shop_id).first()
    return settings.limits if settings else Limits()


def case_of(
    *,
    customer: Customer,
    purpose: Purpose,
    purchase: Purchase | None,
    now: datetime,
    limits: Limits,
) -> Case:
    """What the guard needs to know about writing to this person at `now`."""
    purpose = Purpose(purpose)
    consent = latest_consent(customer, _CONSENTS.get(purpose, ConsentPurpose.SURVEY))
    scope = _SCOPES.get(purpose, SuppressionScope.SURVEY)
    contacts = _contacts(customer, since=now - timedelta(days=limits.budget_days))
    return Case(
        purpose=purpose,
        now=now,
        zone=customer.shop.zone,
        is_erased=customer.erased_at is not None,
        has_address=bool(customer.email_norm),
        is_contactable=customer.is_contactable,
        is_suppressed=is_suppressed(shop_id=customer.shop_id, address=customer.email, scope=scope),
        is_refused=consent == ConsentState.REFUSED,
        is_opted_in=consent == ConsentState.GIVEN,
        quiet_until=customer.quiet_until,
        contacts=contacts,
        last_nps_ask=_last_nps_ask(customer),
        **_relationship(customer),
        **(_about(purchase) if purchase and purpose in ABOUT_AN_ORDER else {}),
    )


def _contacts(customer: Customer, *, since: datetime) -> tuple[datetime, ...]:
    sent = _sent(customer).filter(sending_since__gte=since)
    return tuple(sent.values_list("sending_since", flat=True))


def _sent(customer: Customer) -> Any:
    return Mail.objects.filter(shop_id=customer.shop_id, customer=customer, state__in=SENT)


def _last_nps_ask(customer: Customer) -> datetime | None:
    asks = _sent(customer).filter(purpose=Purpose.NPS).order_by("-sending_since")
    return asks.values_list("sending_since", flat=True).first()


def _relationship(customer: Customer) -> dict[str, Any]:
    row = Relationship.objects.filter(shop_id=customer.shop_id, customer=customer).first()
    if row is None:
        return {"stage": Stage.OBSERVER}
    return {"stage": row.stage, "is_recovery_first": Mark.RECOVERY_FIRST in row.marks}


def _about(purchase: Purchase) -> dict[str, Any]:
    asked = Mail.objects.filter(
        shop_id=purchase.shop_id, purchase=purchase, purpose__in=ABOUT_AN_ORDER, state__in=SENT
    )
    answered = Touchpoint.objects.filter(
        shop_id=purchase.shop_id,
        purchase=purchase,
        kind__in=[Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED],
        standing=Standing.COUNTS,
    )
    return {
        "ordered_at": purchase.ordered_at,
        "is_order_void": purchase.is_void,
        "asks_about_order": asked.count(),
        "has_answered_about_order": answered.exists(),
    }
