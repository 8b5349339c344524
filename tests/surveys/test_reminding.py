"""The one reminder: to whom, when, and whom it never reaches."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.customers.enums import ConsentPurpose
from crm.customers.models import Customer
from crm.guard.enums import Reason
from crm.guard.models import GuardDecision
from crm.mail import unsubscribing
from crm.mail.enums import MailReason, MailState, Purpose
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.stages.models import Relationship
from surveys.answering import record_answer
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url, invite
from surveys.models import Invitation, Survey
from surveys.opening import open_invitation
from surveys.reminding import remind_due
from surveys.services import begin_survey, switch_survey
from tests.factories import NOON, make_customer, make_purchase

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATER = NOON + 8 * DAY


@pytest.fixture
def reminding(inside: Shop) -> Survey:
    """A survey of ours that reminds."""
    survey = begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON - 10 * DAY)
    survey.reminds = True
    survey.save()
    return survey


def person_at(stage: int, shop: Shop) -> Customer:
    customer = make_customer(shop)
    Relationship.objects.create(
        shop=shop, customer=customer, stage=stage, peak=stage, since_on=NOON.date(),
        orders=1, spent=0, gates=[], version="test",
    )  # fmt: skip
    return customer


def asked(
    survey: Survey, *, stage: int = 1, occasion: Occasion = Occasion.PERCEIVED, at: Any = NOON
) -> Invitation:
    """Somebody who was asked and got the mail."""
    purchase = make_purchase(person_at(stage, survey.shop), ordered_at=at - 14 * DAY)
    invitation = invite(
        version=survey.versions.latest("n"), occasion=occasion, purchase=purchase,
        shop=survey.shop, now=at,
    )  # fmt: skip
    Mail.objects.filter(pk=invitation.mail_id).update(
        state=MailState.ACCEPTED, accepted_at=at, sending_since=at, reason=""
    )
    return invitation


def reminders() -> list[Mail]:
    return list(Mail.objects.filter(purpose=Purpose.REMINDER))


def answer(invitation: Invitation) -> None:
    record_answer(
        opened=open_invitation(invitation.shop_id, invitation.pk, lock=True), score=1,
        words="", at=LATER, zone=invitation.shop.zone, signals=[],
    )  # fmt: skip


def test_who_did_not_answer_in_a_week_is_reminded_once_with_the_same_link(reminding):
    invitation = asked(reminding)

    counts = [remind_due(shop=reminding.shop, now=NOON + days * DAY) for days in (6, 8, 9, 12)]

    (mail,) = reminders()
    assert counts == [0, 1, 0, 0]
    assert (mail.state, mail.reason) == (MailState.DUE, "")
    assert answer_url(invitation) in mail.content.text
    assert "これきり" in mail.content.text
    assert mail.expires_at <= LATER + 14 * DAY


def test_the_first_letter_says_that_one_reminder_may_follow(reminding):
    said = asked(reminding).mail.content.text

    assert "一度だけ" in said
    assert "このお願いは一度きり" not in said


@pytest.mark.parametrize(
    ("stage", "occasion"),
    [(0, Occasion.PERCEIVED), (2, Occasion.PERCEIVED), (4, Occasion.EVALUATION),
     (1, Occasion.EXPECTATION)],
)  # fmt: skip
def test_only_who_stands_at_landing_is_and_never_about_an_expectation(reminding, stage, occasion):
    asked(reminding, stage=stage, occasion=occasion)

    assert remind_due(shop=reminding.shop, now=LATER) == 0


def test_a_shop_that_does_not_wish_it_reminds_nobody(reminding):
    reminding.reminds = False
    reminding.save()
    before = asked(reminding)
    reminding.reminds = True
    reminding.save()

    assert not before.may_remind
    assert remind_due(shop=reminding.shop, now=LATER) == 0, "their letter promised no reminder"


def test_who_answered_is_not_reminded(reminding):
    answer(asked(reminding))

    assert remind_due(shop=reminding.shop, now=LATER) == 0


def test_an_answer_calls_off_the_reminder_that_waits(reminding):
    invitation = asked(reminding)
    remind_due(shop=reminding.shop, now=LATER)

    answer(invitation)

    (mail,) = reminders()
    assert (mail.state, mail.reason) == (MailState.CANCELLED, MailReason.ANSWERED)


def test_what_came_back_or_is_long_past_is_not_asked_again(reminding):
    returned = asked(reminding)
    Mail.objects.filter(pk=returned.mail_id).update(state=MailState.BOUNCED)
    asked(reminding)

    assert remind_due(shop=reminding.shop, now=NOON + 22 * DAY) == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quiet_until": LATER + 2 * DAY}, Reason.LEFT_QUIET),
        ({"marks": ["recovery_first"]}, Reason.RECOVERY_FIRST),
        ({"stage": 0}, Reason.NOT_REMINDED),
        ({"stage": 2}, Reason.NOT_REMINDED),
    ],
)
def test_the_guard_refrains_from_it_for_good_and_says_why(reminding, change, reason):
    invitation = asked(reminding)
    rows = Customer if "quiet_until" in change else Relationship
    key = "pk" if rows is Customer else "customer"
    rows.objects.filter(**{key: invitation.customer_id}).update(**change)

    remind_due(shop=reminding.shop, now=LATER)

    (mail,) = reminders()
    assert (mail.state, mail.reason) == (MailState.BLOCKED, reason)
    assert GuardDecision.objects.filter(mail=mail, reason=reason).exists()


def test_switching_the_survey_off_calls_off_its_reminders(reminding):
    asked(reminding)
    remind_due(shop=reminding.shop, now=LATER)

    switch_survey(survey=reminding, is_on=False, at=timezone.now())

    (mail,) = reminders()
    assert mail.reason == MailReason.SURVEY_OFF


def test_who_asks_us_to_stop_gets_no_reminder(reminding):
    invitation = asked(reminding)
    remind_due(shop=reminding.shop, now=LATER)

    unsubscribing.choose(
        shop_id=invitation.shop_id,
        customer_id=invitation.customer_id,
        topics=[ConsentPurpose.FOLLOW_UP],
        quiet_until=None,
        at=LATER,
        evidence={},
    )

    (mail,) = reminders()
    assert mail.state == MailState.CANCELLED


def test_the_question_about_the_shop_may_be_asked_again_within_the_year(inside):
    survey = begin_survey(shop=inside, kind=SurveyKind.NPS, at=NOON - 10 * DAY)
    survey.reminds = True
    survey.save()
    asked(survey, occasion=Occasion.NPS)

    remind_due(shop=inside, now=LATER)

    (mail,) = reminders()
    assert (mail.state, mail.purchase) == (MailState.DUE, None)
