"""What people make of a suggestion, and what two of them make of one at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.customers.enums import SuppressionReason
from crm.customers.services import suppress
from crm.followups import settling
from crm.followups.enums import Dismissal, SuggestionState
from crm.followups.models import Acknowledgement, Suggestion
from crm.followups.settling import UNDO_FOR
from crm.followups.tasks import hear_of_letter
from crm.guard.enums import Channel, Measure, Moment, Reason, Verdict
from crm.guard.models import GuardDecision
from crm.guard.tasks import send
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailReason, MailState
from crm.mail.models import Mail
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.followups.conftest import LETTER, person_at, suggest, write_letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def door(shop):
    with tenant(shop):
        yield


@pytest.fixture
def suggestion(customer):
    return suggest(customer)


def approve(suggestion: Suggestion, by: Any, letter=LETTER, revision: int = 0, **kwargs: Any):
    return settling.approve(
        suggestion_id=suggestion.pk,
        shop=suggestion.shop,
        by=by,
        letter=letter,
        revision=revision,
        now=kwargs.pop("now", timezone.now()),
    )


def state_of(suggestion: Suggestion) -> SuggestionState:
    suggestion.refresh_from_db()
    return SuggestionState(suggestion.state)


def refused(code: str):
    """The service says no with words, for this reason."""
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


# -- approving ---------------------------------------------------------------------------


def test_an_approved_letter_waits_ten_minutes_in_the_name_of_a_person(suggestion, staff):
    now = timezone.now()

    approval = approve(suggestion, staff, now=now)

    mail = approval.mail
    assert approval.decision.verdict == Verdict.ALLOW
    assert (mail.state, mail.due_at) == (MailState.DUE, now + UNDO_FOR)
    assert mail.content.sender_name == f"三浦 紗季（{suggestion.shop.name}）"
    for part in (LETTER.opening, LETTER.personal, LETTER.closing):
        assert part in mail.content.text
        assert part in mail.content.html
    assert state_of(suggestion) == SuggestionState.APPROVED
    assert suggestion.settled_by == staff
    assert GuardDecision.objects.get().moment == Moment.PLANNING


def test_a_letter_shows_what_the_law_asks_for_and_the_way_out(suggestion, staff):
    content = approve(suggestion, staff).mail.content

    for shown in ("三浦 紗季", "長野県松本市見本町1-2", "miura@otonari.example", "/u/"):
        assert shown in content.text
        assert shown in content.html


@pytest.mark.parametrize("personal", ["", "   ", "ありがとうございます", "拝読しました。"])
def test_from_empathy_on_nothing_goes_without_words_of_ones_own(suggestion, staff, personal):
    with refused("personal"):
        approve(suggestion, staff, replace(LETTER, personal=personal))

    assert state_of(suggestion) == SuggestionState.PROPOSED
    assert not Mail.objects.exists()


def test_before_empathy_a_line_of_thanks_may_stand_by_itself(shop, staff):
    customer = person_at(1, shop)
    suggestion = suggest(customer, "delight.thank")

    approval = approve(suggestion, staff, replace(LETTER, personal=""))

    assert approval.mail is not None
    assert approval.mail.content.sender_name == ""


def test_what_another_was_told_is_no_word_to_this_person(suggestion, shop, staff):
    approve(suggest(person_at(2, shop)), staff)

    copied = approve(suggestion, staff)

    assert copied.mail is None
    assert [found.measure for found in copied.decision.found] == [Measure.TEMPLATE]
    assert state_of(suggestion) == SuggestionState.PROPOSED


def test_words_that_do_not_suit_are_named_and_the_letter_is_kept(suggestion, staff):
    letter = replace(LETTER, closing="お客さま各位へ、一斉にお送りします。")

    approval = approve(suggestion, staff, letter)

    assert approval.mail is None
    assert approval.decision.reason == Reason.MEASURE_FORBIDDEN
    assert {found.words for found in approval.decision.found} == {"お客さま各位", "一斉に"}
    suggestion.refresh_from_db()
    assert suggestion.closing == letter.closing
    assert GuardDecision.objects.get().verdict == Verdict.BLOCK


def test_nobody_overrides_a_person_who_said_stop(suggestion, customer, staff):
    suppress(
        shop_id=customer.shop_id,
        address=customer.email,
        reason=SuppressionReason.UNSUBSCRIBED,
        at=timezone.now(),
    )

    assert approve(suggestion, staff).decision.reason == Reason.SUPPRESSED
    assert not Mail.objects.exists()


def test_a_letter_that_must_wait_waits_with_the_reason(suggestion, customer, staff):
    customer.quiet_until = timezone.now() + timedelta(days=5)
    customer.save()

    mail = approve(suggestion, staff).mail

    assert (mail.due_at, mail.reason) == (customer.quiet_until, Reason.LEFT_QUIET)


def test_a_letter_that_would_come_too_late_is_not_sent_at_all(suggestion, customer, staff):
    customer.quiet_until = timezone.now() + timedelta(days=50)
    customer.save()

    approval = approve(suggestion, staff)

    assert (approval.decision.verdict, approval.mail) == (Verdict.HOLD, None)
    assert state_of(suggestion) == SuggestionState.PROPOSED


def test_the_second_press_hears_what_the_first_did(suggestion, staff):
    approve(suggestion, staff)

    with refused("settled") as refusal:
        approve(suggestion, staff, revision=1)

    assert "井上" in refusal.value.message
    assert Mail.objects.count() == 1


def test_whoever_edits_what_another_changed_meanwhile_loses_nothing(suggestion, shop, staff):
    mine, theirs = replace(LETTER, closing="わたしの結び"), replace(LETTER, closing="別の結び")
    settling.save_draft(suggestion_id=suggestion.pk, shop=shop, letter=theirs, revision=0)

    with refused("changed"):
        settling.save_draft(suggestion_id=suggestion.pk, shop=shop, letter=mine, revision=0)
    settling.save_draft(suggestion_id=suggestion.pk, shop=shop, letter=mine, revision=1)

    suggestion.refresh_from_db()
    assert (suggestion.closing, suggestion.revision) == ("わたしの結び", 2)


def test_saving_the_same_letter_twice_is_as_once(suggestion, shop):
    for _ in range(2):
        settling.save_draft(suggestion_id=suggestion.pk, shop=shop, letter=LETTER, revision=0)

    suggestion.refresh_from_db()
    assert suggestion.revision == 1


def test_what_was_overtaken_meanwhile_is_told_in_words(suggestion, staff):
    Suggestion.objects.update(state=SuggestionState.EXPIRED)

    with refused("settled"):
        approve(suggestion, staff)


# -- what becomes of the mail -------------------------------------------------------------


def end(mail: Mail, **how: Any) -> None:
    """The mail comes to its end, and its suggestion hears of it, twice as things happen."""
    Mail.objects.filter(pk=mail.pk).update(**how)
    mail.refresh_from_db()
    for _ in range(2):
        settling.settle_by_mail(mail=mail, now=timezone.now())


def test_a_letter_that_left_is_done_and_answers_all_that_waited(suggestion, customer, staff):
    another = write_letter(customer)
    left_at = timezone.now() + timedelta(minutes=10)

    end(approve(suggestion, staff).mail, state=MailState.ACCEPTED, accepted_at=left_at)

    assert state_of(suggestion) == SuggestionState.DONE
    answers = {row.touchpoint_id: row for row in Acknowledgement.objects.all()}
    assert set(answers) == {suggestion.about_id, another.pk}
    row = answers[another.pk]
    assert (row.by, row.at, row.channel) == (staff, left_at, Channel.MAIL)


def test_what_came_after_it_was_written_still_waits(suggestion, staff):
    mail = approve(suggestion, staff).mail
    an_hour_ago = timezone.now() - timedelta(hours=1)

    end(mail, state=MailState.ACCEPTED, created_at=an_hour_ago)

    assert state_of(suggestion) == SuggestionState.DONE
    assert not Acknowledgement.objects.exists()


def test_where_nobody_can_tell_whether_it_left_it_is_not_written_again(suggestion, staff):
    end(approve(suggestion, staff).mail, state=MailState.UNKNOWN)

    assert state_of(suggestion) == SuggestionState.DONE


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (MailState.BLOCKED, Reason.MEASURE_FORBIDDEN),
        (MailState.CANCELLED, MailReason.TOO_LATE),
        (MailState.BOUNCED, MailReason.NO_SUCH_ADDRESS),
    ],
)
def test_a_letter_that_did_not_leave_says_why_and_answers_nothing(suggestion, staff, state, reason):
    end(approve(suggestion, staff).mail, state=state, reason=reason)

    assert state_of(suggestion) == SuggestionState.EXPIRED
    assert suggestion.reason == reason
    assert not Acknowledgement.objects.exists()


# -- undoing ----------------------------------------------------------------------------


def undo(suggestion: Suggestion, **kwargs: Any) -> Suggestion:
    now = kwargs.pop("now", timezone.now())
    return settling.undo(suggestion_id=suggestion.pk, shop=suggestion.shop, now=now)


def test_a_letter_is_taken_back_until_it_leaves_and_can_be_approved_again(suggestion, staff):
    first = approve(suggestion, staff).mail

    undo(suggestion)
    second = approve(suggestion, staff, revision=1).mail

    first.refresh_from_db()
    assert (first.state, first.reason) == (MailState.CANCELLED, MailReason.TAKEN_BACK)
    assert second.state == MailState.DUE
    assert second.pk != first.pk


def test_a_letter_that_is_on_its_way_cannot_be_taken_back(suggestion, staff):
    approve(suggestion, staff)
    Mail.objects.update(state=MailState.SENDING)

    with refused("late"):
        undo(suggestion)

    assert state_of(suggestion) == SuggestionState.APPROVED


def test_undoing_twice_is_as_once(suggestion, staff):
    approve(suggestion, staff)

    for _ in range(2):
        undo(suggestion)

    assert state_of(suggestion) == SuggestionState.PROPOSED


def test_what_was_set_aside_comes_back_on_the_same_day_only(suggestion, shop, staff):
    settling.dismiss(
        suggestion_id=suggestion.pk,
        shop=shop,
        by=staff,
        reason=Dismissal.NOT_NOW,
        note="",
        now=timezone.now() - timedelta(days=2),
    )

    with refused("late"):
        undo(suggestion)
    Suggestion.objects.update(settled_at=timezone.now())
    undo(suggestion)

    assert state_of(suggestion) == SuggestionState.PROPOSED
    assert suggestion.reason == ""


def test_undoing_lets_go_of_what_was_proposed_since_unless_somebody_began_with_it(
    suggestion, shop, customer, staff
):
    settling.dismiss(
        suggestion_id=suggestion.pk, shop=shop, by=staff, reason=Dismissal.NOT_NOW, note="",
        now=timezone.now(),
    )  # fmt: skip
    later = suggest(customer, "empathy.rest")
    Suggestion.objects.filter(pk=later.pk).update(revision=1)

    with refused("begun"):
        undo(suggestion)
    Suggestion.objects.filter(pk=later.pk).update(revision=0)
    undo(suggestion)

    assert state_of(later) == SuggestionState.EXPIRED


# -- by hand ------------------------------------------------------------------------------


def finish(suggestion: Suggestion, by: Any, channel: Channel | None = Channel.PHONE, **kwargs):
    return settling.finish_by_hand(
        suggestion_id=suggestion.pk,
        shop=suggestion.shop,
        by=by,
        channel=channel,
        note=kwargs.pop("note", "お電話でお礼をお伝えした"),
        now=kwargs.pop("now", timezone.now()),
    )


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        (Channel.PHONE, Kind.OUR_CALL),
        (Channel.LETTER, Kind.OUR_LETTER),
        (Channel.MAIL, Kind.OUR_LETTER),
        (Channel.INSERT, Kind.OUR_INSERT),
    ],
)
def test_what_was_done_by_hand_is_a_fact_and_answers_what_waited(suggestion, staff, channel, kind):
    finish(suggestion, staff, channel)

    fact = Touchpoint.objects.get(kind=kind)
    answer = Acknowledgement.objects.get(touchpoint=suggestion.about)
    assert fact.text_row.text == "お電話でお礼をお伝えした"
    assert (answer.by, answer.channel) == (staff, channel)
    assert state_of(suggestion) == SuggestionState.DONE


def test_in_another_way_leaves_no_fact_but_an_answer(suggestion, staff):
    finish(suggestion, staff, None)

    assert not Touchpoint.objects.exclude(kind=Kind.LETTER).exists()
    assert Acknowledgement.objects.get().channel == ""


def test_doing_it_twice_is_told_and_leaves_one_fact(suggestion, staff):
    finish(suggestion, staff)

    with refused("settled"):
        finish(suggestion, staff)

    assert Touchpoint.objects.filter(kind=Kind.OUR_CALL).count() == 1


def test_undoing_what_was_done_by_hand_unsays_it(suggestion, staff):
    finish(suggestion, staff)

    undo(suggestion)

    assert not Acknowledgement.objects.exists()
    assert Touchpoint.objects.get(kind=Kind.OUR_CALL).standing == Standing.WITHDRAWN
    finish(suggestion, staff, now=timezone.now() + timedelta(seconds=1))
    assert Touchpoint.objects.filter(kind=Kind.OUR_CALL, standing=Standing.COUNTS).count() == 1


# -- rest, and later ---------------------------------------------------------------------


def test_to_leave_in_peace_is_done_for_those_shown_and_nobody_else(shop, staff):
    resting = suggest(person_at(2, shop), "empathy.rest")
    asking = suggest(person_at(2, shop))

    ids = [resting.pk, asking.pk, 4711]
    counts = [
        settling.keep_quiet(ids=ids, shop=shop, by=staff, now=timezone.now()) for _ in range(2)
    ]

    assert counts == [1, 0]
    assert state_of(resting) == SuggestionState.DONE
    assert state_of(asking) == SuggestionState.PROPOSED
    assert not Touchpoint.objects.filter(kind__startswith="our_").exists()


def test_what_is_put_off_comes_again_in_the_morning_and_undo_brings_it_back(suggestion, shop):
    now = timezone.now()

    settling.put_off(suggestion_id=suggestion.pk, shop=shop, now=now)
    suggestion.refresh_from_db()
    put_off_until = suggestion.put_off_until
    undo(suggestion)

    assert now < put_off_until <= now + timedelta(days=1)
    assert put_off_until.astimezone(shop.zone).hour == 0
    suggestion.refresh_from_db()
    assert suggestion.put_off_until is None


# -- between approving and sending -----------------------------------------------------------


def test_a_stage_that_changed_in_between_blocks_the_letter_and_says_so(suggestion, shop, staff):
    letter = replace(LETTER, closing="必ずご参加くださいますよう。")  # a command, at Engagement
    mail = approve(suggestion, staff, letter).mail
    Relationship.objects.update(stage=3)
    Work.objects.filter(kind="review").delete()  # or the facts would decide where they stand
    Mail.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    send(mail.pk)
    hear_of_letter(mail.pk)

    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.BLOCKED, Reason.MEASURE_FORBIDDEN)
    kept = GuardDecision.objects.latest("pk")
    assert (kept.moment, kept.facts["measures"]) == (Moment.SENDING, ["engagement.command"])
    assert state_of(suggestion) == SuggestionState.EXPIRED
    assert suggestion.reason == Reason.MEASURE_FORBIDDEN
