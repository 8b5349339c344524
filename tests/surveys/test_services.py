"""A survey is set up, worded, switched on and off; what waits is called off, or put back."""

from datetime import timedelta

import pytest

from crm.mail.enums import MailReason, MailState, Purpose
from crm.mail.models import Mail
from crm.work.models import Work
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import invite_due, send_new_link
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.services import (
    UNDO_LASTS,
    begin_survey,
    can_undo_switching_off,
    prepare_survey,
    reword,
    set_timing,
    switch_survey,
    undo_switching_off,
)
from surveys.wording import OwnWords
from tests.factories import NOON, make_customer, make_purchase

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OWN = OwnWords(thing="ほうじ茶", intro="松本は冷えてまいりました。", thanks="うれしく読みました。")


def fresh(survey):
    return Survey.objects.get(pk=survey.pk)


def order(shop, **kwargs):
    """An order we hear of as it is placed."""
    purchase = make_purchase(make_customer(shop), **kwargs)
    type(purchase).objects.filter(pk=purchase.pk).update(created_at=purchase.ordered_at)
    return purchase


# -- setting up --------------------------------------------------------------------------------


def test_a_prepared_survey_has_our_words_and_asks_nobody(inside):
    survey = prepare_survey(shop=inside, kind=SurveyKind.ORDER)
    order(inside, ordered_at=NOON - HOUR)

    assert (survey.is_on, survey.is_new, survey.versions.count()) == (False, True, 1)
    assert invite_due(shop=inside, now=NOON) == 0
    assert not Work.objects.filter(kind="invitations").exists()


def test_preparing_again_gives_the_survey_there_is(inside):
    first = prepare_survey(shop=inside, kind=SurveyKind.ORDER)
    switch_survey(survey=first, is_on=True, at=NOON)

    assert prepare_survey(shop=inside, kind=SurveyKind.ORDER).is_on
    assert Survey.objects.count() == 1


def test_beginning_twice_begins_once_with_one_set_of_questions(inside):
    first, second = (begin_survey(shop=inside, kind=SurveyKind.NPS, at=NOON) for _ in range(2))

    assert first == second
    assert SurveyVersion.objects.filter(survey=first).count() == 1
    assert Work.objects.filter(kind="invitations", ref=inside.pk).exists()


def test_beginning_does_not_switch_on_what_somebody_switched_off(survey):
    switch_survey(survey=survey, is_on=False, at=NOON)

    assert not begin_survey(shop=survey.shop, kind=SurveyKind.ORDER, at=NOON).is_on


def test_switching_on_again_asks_only_about_orders_from_then_on(survey):
    switch_survey(survey=survey, is_on=True, at=NOON + DAY)
    unchanged = fresh(survey).switched_on_at
    switch_survey(survey=survey, is_on=False, at=NOON + DAY)
    switch_survey(survey=survey, is_on=True, at=NOON + 2 * DAY)

    assert unchanged == NOON
    assert fresh(survey).switched_on_at == NOON + 2 * DAY


def test_the_timing_is_the_surveys_own(survey):
    set_timing(survey=survey, days_after_delivery=3, hour_from=10, hour_until=12)

    found = fresh(survey)
    assert (found.days_after_delivery, found.days_after_order) == (3, 14)
    assert (found.hours.opens, found.hours.closes) == (10, 12)


def test_a_survey_asks_in_both_languages(survey):
    version = survey.versions.get()

    assert version.item("expectation", "ja").question == "届く商品は、どのくらい良いと思いますか"
    assert version.item("evaluation", "ja").question == "実際は、どのくらい良かったですか"
    assert version.item("evaluation", "en").question == "How good was it, now that you have it?"
    assert version.item("evaluation", "fr") == version.item("evaluation", "ja")


# -- words -------------------------------------------------------------------------------------


def in_own_words(survey, own=OWN, sender="三浦"):
    return reword(
        survey=survey,
        language="ja",
        own={Occasion.EXPECTATION: own, Occasion.EVALUATION: own},
        sender=sender,
    )


def test_other_words_are_a_new_version_and_what_was_asked_keeps_its_own(survey):
    order(survey.shop, ordered_at=NOON + HOUR)
    invite_due(shop=survey.shop, now=NOON + 2 * HOUR)

    version = in_own_words(survey)

    asked = Invitation.objects.get().version
    assert (asked.n, version.n) == (1, 2)
    assert asked.item("expectation", "ja").question == "届く商品は、どのくらい良いと思いますか"
    assert version.item("expectation", "ja").question == "ほうじ茶は、どのくらい良いと思いますか"
    assert version.item("perceived", "ja").thanks == OWN.thanks
    assert version.item("expectation", "en") == asked.item("expectation", "en")


def test_who_is_asked_next_is_asked_in_the_new_words(survey):
    in_own_words(survey)
    order(survey.shop, ordered_at=NOON + HOUR)

    invite_due(shop=survey.shop, now=NOON + 2 * HOUR)

    assert "松本は冷えてまいりました。" in Mail.objects.get().content.text


def test_the_same_words_once_more_are_no_new_version(survey):
    versions = [in_own_words(survey).n for _ in range(2)]

    assert versions == [2, 2]


# -- switching off -----------------------------------------------------------------------------


@pytest.fixture
def waiting(survey):
    """An invitation whose mail waits for the morning."""
    midnight = NOON + 12 * HOUR
    order(survey.shop, ordered_at=midnight - HOUR)
    invite_due(shop=survey.shop, now=midnight)
    return Mail.objects.get()


def state(mail):
    found = Mail.objects.get(pk=mail.pk)
    return found.state, found.reason


def test_switching_off_calls_off_what_waits_and_says_why(survey, waiting):
    called_off = switch_survey(survey=survey, is_on=False, at=NOON + 13 * HOUR)

    assert called_off == 1
    assert state(waiting) == (MailState.CANCELLED, MailReason.SURVEY_OFF)


@pytest.mark.parametrize("already", [MailState.SENDING, MailState.ACCEPTED, MailState.BLOCKED])
def test_what_has_left_or_was_refrained_from_stays_as_it_is(survey, waiting, already):
    Mail.objects.update(state=already, reason="")

    assert switch_survey(survey=survey, is_on=False, at=NOON + 13 * HOUR) == 0
    assert state(waiting) == (already, "")


def test_switching_off_leaves_the_other_survey_and_asked_for_links_alone(survey, waiting):
    nps = begin_survey(shop=survey.shop, kind=SurveyKind.NPS, at=NOON)
    send_new_link(invitation_id=Invitation.objects.get().pk, shop=survey.shop, now=NOON + 12 * HOUR)

    switch_survey(survey=nps, is_on=False, at=NOON + 13 * HOUR)
    assert state(waiting)[0] == MailState.DUE
    switch_survey(survey=survey, is_on=False, at=NOON + 13 * HOUR)

    assert Mail.objects.get(purpose=Purpose.NEW_LINK).state == MailState.DUE


def test_undone_at_once_it_is_as_if_it_had_never_been_off(survey, waiting):
    Work.objects.all().delete()
    switch_survey(survey=survey, is_on=False, at=NOON + 13 * HOUR)
    meanwhile = order(survey.shop, ordered_at=NOON + 14 * HOUR)

    undone = undo_switching_off(survey=survey, now=NOON + 15 * HOUR)

    assert undone
    assert (fresh(survey).switched_on_at, fresh(survey).switched_off_at) == (NOON, None)
    assert state(waiting) == (MailState.DUE, "")
    assert Work.objects.filter(kind="send", ref=waiting.pk).exists()
    invite_due(shop=survey.shop, now=NOON + 15 * HOUR)
    assert Invitation.objects.filter(purchase=meanwhile).exists()


def test_what_is_past_its_use_is_not_taken_up_again(survey, waiting):
    switch_survey(survey=survey, is_on=False, at=NOON + 13 * HOUR)
    Mail.objects.update(expires_at=NOON + 14 * HOUR)

    undo_switching_off(survey=survey, now=NOON + 15 * HOUR)

    assert state(waiting) == (MailState.CANCELLED, MailReason.SURVEY_OFF)


def test_a_day_later_it_is_too_late_to_undo(survey):
    switch_survey(survey=survey, is_on=False, at=NOON)

    assert can_undo_switching_off(survey, now=NOON + UNDO_LASTS)
    assert not can_undo_switching_off(survey, now=NOON + UNDO_LASTS + HOUR)
    assert not undo_switching_off(survey=survey, now=NOON + UNDO_LASTS + HOUR)
    assert not fresh(survey).is_on


def test_undoing_twice_or_what_was_never_done_changes_nothing(survey):
    assert not undo_switching_off(survey=survey, now=NOON)
    switch_survey(survey=survey, is_on=False, at=NOON)

    assert [undo_switching_off(survey=survey, now=NOON) for _ in range(2)] == [True, False]
    assert fresh(survey).switched_on_at == NOON
