from datetime import date, datetime, timedelta

import pytest

from crm.figures.counts import restraint
from crm.figures.periods import Period
from crm.guard.enums import Moment, Reason, Verdict
from crm.guard.models import GuardDecision
from crm.mail.enums import Purpose
from crm.mail.models import Mail
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer

pytestmark = pytest.mark.django_db

PERIOD_DAYS = 30
LAST = date(2026, 5, 10)


def decide(customer, verdict: Verdict, reason: Reason, *, at: datetime = NOON, mail=None) -> None:
    GuardDecision.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        mail=mail,
        purpose=Purpose.NPS,
        moment=Moment.SENDING,
        verdict=verdict,
        reason=reason,
        decided_at=at,
    )


def make_mail(customer, key: str, *, state: str = "due", sent_at: datetime | None = None) -> Mail:
    return Mail.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        purpose=Purpose.NPS,
        to_address=customer.email,
        due_at=NOON,
        expires_at=NOON,
        dedup_key=key,
        state=state,
        sending_since=sent_at,
    )


def test_a_contact_that_waits_day_after_day_is_one_contact(shop):
    with tenant(shop):
        customer = make_customer(shop)
        first, second = make_mail(customer, "1"), make_mail(customer, "2")
        for day in range(3):
            at = NOON - timedelta(days=day)
            decide(customer, Verdict.HOLD, Reason.RECOVERY_FIRST, at=at, mail=first)
        decide(customer, Verdict.HOLD, Reason.NIGHT, mail=first)
        decide(customer, Verdict.BLOCK, Reason.ASKED_ONCE, mail=second)
        decide(customer, Verdict.ALLOW, Reason.FINE, mail=first)

        found = restraint.withheld(shop.pk, Period(LAST, PERIOD_DAYS, shop.zone))

    assert sorted(found, key=lambda row: row["reason"]) == [
        {"reason": "asked_once", "held": 0, "refrained": 1},
        {"reason": "night", "held": 1, "refrained": 0},
        {"reason": "recovery_first", "held": 1, "refrained": 0},
    ]


def test_what_was_decided_or_sent_before_the_period_is_not_in_it(shop):
    long_ago = NOON - timedelta(days=PERIOD_DAYS)
    with tenant(shop):
        customer = make_customer(shop)
        decide(customer, Verdict.BLOCK, Reason.REFUSED, at=long_ago)
        make_mail(customer, "1", state="delivered", sent_at=long_ago)
        make_mail(customer, "2", state="delivered", sent_at=NOON)
        make_mail(customer, "3", state="blocked")
        period = Period(LAST, PERIOD_DAYS, shop.zone)

        assert restraint.withheld(shop.pk, period) == []
        assert restraint.sent(shop.pk, period) == 1
