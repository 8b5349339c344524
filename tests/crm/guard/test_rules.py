from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.guard.enums import Reason, Verdict
from crm.guard.rules import Case, Decision, Limits, decide
from crm.mail.enums import Purpose

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 5, 10, 3, 0, tzinfo=UTC)  # 12:00 in Tokyo
LANDING = 1
LIMITS = Limits()


def case(purpose: Purpose = Purpose.EVALUATION, **kwargs: Any) -> Case:
    known: dict[str, Any] = {"now": NOON, "zone": TOKYO, "stage": LANDING, "is_opted_in": True}
    return Case(purpose=purpose, **(known | kwargs))


def days_ago(*days: float) -> tuple[datetime, ...]:
    return tuple(NOON - timedelta(days=n) for n in days)


def test_with_nothing_against_it_a_contact_may_be_made():
    assert decide(case(), LIMITS) == Decision(Verdict.ALLOW, Reason.FINE)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ({"is_erased": True}, Reason.ERASED),
        ({"has_address": False}, Reason.NO_ADDRESS),
        ({"is_contactable": False}, Reason.MASKED_ADDRESS),
        ({"is_suppressed": True}, Reason.SUPPRESSED),
    ],
)
def test_what_no_waiting_mends_blocks_every_purpose(purpose, fact, reason):
    assert decide(case(purpose, **fact), LIMITS) == Decision(Verdict.BLOCK, reason)


@pytest.mark.parametrize("purpose", [p for p in Purpose if p != Purpose.NEW_LINK])
def test_a_refusal_blocks_what_was_not_asked_for(purpose):
    assert decide(case(purpose, is_refused=True), LIMITS).reason == Reason.REFUSED


def test_a_new_link_goes_to_the_person_who_asked_for_it_at_any_hour():
    asked = case(
        Purpose.NEW_LINK,
        is_refused=True,
        contacts=days_ago(0, 1, 2, 3),
        now=NOON + timedelta(hours=12),
    )

    assert decide(asked, LIMITS).verdict == Verdict.ALLOW


def test_a_letter_needs_consent_a_question_about_ones_order_does_not():
    assert decide(case(Purpose.FOLLOW_UP, is_opted_in=False), LIMITS).reason == Reason.NO_CONSENT
    assert decide(case(is_opted_in=False), LIMITS).verdict == Verdict.ALLOW


def test_an_observer_is_never_asked_to_introduce_us():
    assert decide(case(Purpose.NPS, stage=0), LIMITS).reason == Reason.STAGE_FORBIDS
    assert decide(case(Purpose.NPS, stage=1), LIMITS).verdict == Verdict.ALLOW


def test_an_observer_who_kept_silent_is_not_asked_again_about_the_order():
    silent = case(stage=0, asks_about_order=1)

    assert decide(silent, LIMITS) == Decision(Verdict.BLOCK, Reason.ASKED_ONCE)


def test_an_observer_who_answered_is_asked_how_it_turned_out():
    answered = case(stage=0, asks_about_order=1, has_answered_about_order=True)

    assert decide(answered, LIMITS).verdict == Verdict.ALLOW


def test_from_landing_on_both_legs_may_be_asked():
    assert decide(case(stage=1, asks_about_order=1), LIMITS).verdict == Verdict.ALLOW


def test_nps_is_asked_once_a_year():
    within = case(Purpose.NPS, last_nps_ask=NOON - timedelta(days=364))
    after = case(Purpose.NPS, last_nps_ask=NOON - timedelta(days=365))

    assert decide(within, LIMITS).reason == Reason.NPS_THIS_YEAR
    assert decide(after, LIMITS).verdict == Verdict.ALLOW


def test_a_cancelled_order_is_not_asked_about():
    assert decide(case(is_order_void=True), LIMITS).reason == Reason.ORDER_VOID


def test_what_is_unresolved_holds_a_contact_and_is_looked_at_again_tomorrow():
    held = decide(case(is_recovery_first=True), LIMITS)

    assert held == Decision(Verdict.HOLD, Reason.RECOVERY_FIRST, NOON + timedelta(days=1))


def test_a_wish_to_be_left_quiet_holds_until_it_ends():
    until = NOON + timedelta(days=40)

    assert decide(case(quiet_until=until), LIMITS) == Decision(
        Verdict.HOLD, Reason.LEFT_QUIET, until
    )


def test_contacts_keep_their_distance():
    held = decide(case(contacts=days_ago(30, 6)), LIMITS)

    assert held == Decision(Verdict.HOLD, Reason.DISTANCE, NOON + timedelta(days=1))
    assert decide(case(contacts=days_ago(30, 7)), LIMITS).verdict == Verdict.ALLOW


def test_an_expectation_is_exempt_from_the_distance_for_a_day():
    fresh = case(Purpose.EXPECTATION, contacts=days_ago(1), ordered_at=NOON - timedelta(hours=24))
    late = case(Purpose.EXPECTATION, contacts=days_ago(1), ordered_at=NOON - timedelta(hours=25))

    assert decide(fresh, LIMITS).verdict == Verdict.ALLOW
    assert decide(late, LIMITS).reason == Reason.DISTANCE


def test_four_contacts_in_ninety_days_are_enough_for_an_expectation_too():
    full = case(Purpose.EXPECTATION, contacts=days_ago(80, 60, 40, 20), ordered_at=NOON)

    assert decide(full, LIMITS) == Decision(Verdict.HOLD, Reason.BUDGET, NOON + timedelta(days=10))
    assert decide(case(contacts=days_ago(90, 60, 40, 20)), LIMITS).verdict == Verdict.ALLOW


@pytest.mark.parametrize(
    ("hour", "morning"),
    [
        (21, datetime(2026, 5, 11, 8, tzinfo=TOKYO)),
        (23, datetime(2026, 5, 11, 8, tzinfo=TOKYO)),
        (0, datetime(2026, 5, 10, 8, tzinfo=TOKYO)),
        (7, datetime(2026, 5, 10, 8, tzinfo=TOKYO)),
        (8, None),
        (20, None),
    ],
)
def test_mail_waits_for_the_morning_of_the_shop(hour, morning):
    decision = decide(case(now=datetime(2026, 5, 10, hour, 30, tzinfo=TOKYO)), LIMITS)

    assert decision.until == morning


def test_a_night_within_one_day_ends_on_that_day():
    limits = Limits(night_from=time(1), night_until=time(5))

    assert decide(case(now=datetime(2026, 5, 10, 2, tzinfo=TOKYO)), limits).until == datetime(
        2026, 5, 10, 5, tzinfo=TOKYO
    )
    assert decide(case(now=datetime(2026, 5, 10, 23, tzinfo=TOKYO)), limits).until is None
