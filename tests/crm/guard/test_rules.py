from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.customers.quiet import FOR_GOOD
from crm.guard.enums import Channel, Measure, Reason, Verdict
from crm.guard.rules import ANSWERS, Case, Decision, Limits, decide
from crm.guard.wording import Found
from crm.mail.enums import LETTERS, Purpose
from crm.stages.enums import Stage

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


@pytest.mark.parametrize(
    "purpose", [p for p in Purpose if p not in {Purpose.NEW_LINK, Purpose.RECOVERY}]
)
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


@pytest.mark.parametrize("purpose", [Purpose.EVALUATION, Purpose.NPS, Purpose.FOLLOW_UP])
def test_a_wish_to_be_left_in_peace_for_good_is_not_waited_out(purpose):
    at_peace = case(purpose, quiet_until=FOR_GOOD)

    assert decide(at_peace, LIMITS) == Decision(Verdict.BLOCK, Reason.LEFT_QUIET)


@pytest.mark.parametrize("purpose", [Purpose.NEW_LINK, Purpose.RECOVERY])
def test_whoever_wants_to_hear_from_us_does_even_when_left_in_peace(purpose):
    decision = decide(
        case(purpose, quiet_until=FOR_GOOD, has_named_sender=True, has_legal_sender=True), LIMITS
    )

    assert decision.verdict == Verdict.ALLOW


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


@pytest.mark.parametrize(
    "fact", [{"has_address": False}, {"is_contactable": False}, {"is_suppressed": True}]
)
@pytest.mark.parametrize("channel", [Channel.INSERT, Channel.LETTER])
def test_what_is_wrong_with_an_address_is_no_matter_to_paper(channel, fact):
    by_hand = case(Purpose.REPLY, channel=channel, **fact)

    assert decide(by_hand, LIMITS).verdict == Verdict.ALLOW


def test_an_answer_needs_no_opt_in_and_does_not_wait_for_the_distance():
    for purpose in ANSWERS:
        answer = case(purpose, is_opted_in=False, contacts=days_ago(1))

        assert decide(answer, LIMITS).verdict == Verdict.ALLOW


def test_an_answer_counts_and_waits_when_there_were_enough_but_a_complaint_does_not():
    enough = {"contacts": days_ago(80, 60, 40, 20)}

    assert decide(case(Purpose.REPLY, **enough), LIMITS).reason == Reason.BUDGET
    assert decide(case(Purpose.RECOVERY, **enough), LIMITS).verdict == Verdict.ALLOW


def test_while_something_is_unresolved_only_recovery_is_let_through():
    for purpose in LETTERS:
        decision = decide(case(purpose, is_recovery_first=True), LIMITS)

        assert (decision.verdict == Verdict.ALLOW) == (purpose == Purpose.RECOVERY)


def test_who_complains_is_answered_though_they_want_no_letters_and_asked_for_quiet():
    complaint = case(
        Purpose.RECOVERY, is_refused=True, quiet_until=NOON + timedelta(days=9), stage=0
    )

    assert decide(complaint, LIMITS).verdict == Verdict.ALLOW


def test_a_parcel_may_hold_a_note_at_any_hour_and_distance_but_not_beside_a_complaint():
    night = NOON.replace(hour=14)  # 23:00 in Tokyo
    note = {"channel": Channel.INSERT, "now": night, "contacts": days_ago(1, 2, 3, 4)}
    refused = {"is_refused": True, "is_opted_in": False}

    assert decide(case(Purpose.FOLLOW_UP, **note, **refused), LIMITS).verdict == Verdict.ALLOW
    assert decide(case(Purpose.FOLLOW_UP, **note, is_recovery_first=True), LIMITS).verdict == (
        Verdict.HOLD
    )


def test_from_empathy_on_a_letter_needs_a_name_and_by_mail_it_needs_what_the_law_asks():
    nameless, homeless = {"has_named_sender": False}, {"has_legal_sender": False}

    for stage in Stage:
        by_mail = decide(case(Purpose.REPLY, stage=stage, **nameless), LIMITS)
        assert (by_mail.reason == Reason.NO_SENDER) == (stage >= Stage.EMPATHY)
        assert decide(case(Purpose.REPLY, stage=stage, **homeless), LIMITS).reason == (
            Reason.NO_SENDER
        )
    by_hand = case(Purpose.REPLY, channel=Channel.LETTER, **homeless)
    assert decide(by_hand, LIMITS).verdict == Verdict.ALLOW
    assert decide(case(Purpose.EVALUATION, **nameless, **homeless), LIMITS).verdict == (
        Verdict.ALLOW
    )


def test_words_that_do_not_suit_the_stage_are_named():
    letter = case(Purpose.FOLLOW_UP, stage=Stage.OBSERVER, words="今だけ、送料無料です。")

    assert decide(letter, LIMITS) == Decision(
        Verdict.BLOCK,
        Reason.MEASURE_FORBIDDEN,
        found=(
            Found(Measure.SIGNUP_DISCOUNT, "今だけ"),
            Found(Measure.SIGNUP_DISCOUNT, "送料無料"),
        ),
    )


def test_an_offer_is_made_only_to_those_who_asked_for_offers():
    offer = "次回のご注文に、クーポンをお使いください。"

    sold = decide(case(Purpose.REPLY, stage=Stage.EMPATHY, words=offer, is_opted_in=False), LIMITS)
    asked = decide(case(Purpose.REPLY, stage=Stage.EMPATHY, words=offer), LIMITS)

    assert sold.reason == Reason.SELLS
    assert {each.words for each in sold.found} == {"クーポン", "次回のご注文"}
    assert asked.verdict == Verdict.ALLOW


def test_from_empathy_on_what_another_was_told_is_a_template():
    for stage in Stage:
        copied = decide(case(Purpose.REPLY, stage=stage, is_copied=True), LIMITS)

        assert (copied.reason == Reason.MEASURE_FORBIDDEN) == (stage >= Stage.EMPATHY)


def test_the_words_of_a_question_are_not_searched():
    assert decide(case(stage=0, words="今だけ割引"), LIMITS).verdict == Verdict.ALLOW


@pytest.mark.parametrize("stage", Stage)
def test_a_reminder_is_for_landing_alone(stage):
    decision = decide(case(purpose=Purpose.REMINDER, stage=stage), LIMITS)

    expected = Reason.FINE if stage == Stage.LANDING else Reason.NOT_REMINDED
    assert decision.reason == expected


def test_a_reminder_about_a_cancelled_order_is_refrained_from():
    about = case(purpose=Purpose.REMINDER, stage=Stage.LANDING, is_order_void=True)

    assert decide(about, LIMITS).reason == Reason.ORDER_VOID
