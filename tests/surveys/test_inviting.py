"""Who is asked about an order, when, and by what mail; and that history asks nobody."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from crm.customers.enums import PurchaseStatus
from crm.guard.enums import Moment, Reason
from crm.guard.models import GuardDecision
from crm.ledger.enums import Kind
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.stages.enums import Balance
from crm.stages.models import Relationship
from crm.stages.services import reassess
from crm.work.models import Work
from crm.work.registry import Again
from surveys import tasks
from surveys.answering import record_answer
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url, invite_due, send_new_link
from surveys.models import Invitation
from surveys.opening import open_invitation
from surveys.services import begin_survey, switch_survey
from surveys.tokens import read_answer_token
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint
from tests.surveys.conftest import make_invitation

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def asking(inside):
    """The shop since it began to ask about orders, ten days before NOON."""
    begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON - 10 * DAY)
    return inside


def order(shop, *, customer=None, heard_after=HOUR, **kwargs):
    """An order of which we heard `heard_after` it was placed."""
    purchase = make_purchase(customer or make_customer(shop), **kwargs)
    type(purchase).objects.filter(pk=purchase.pk).update(
        created_at=purchase.ordered_at + heard_after
    )
    purchase.refresh_from_db()
    return purchase


def landed(customer, stage=1):
    Relationship.objects.create(
        shop_id=customer.shop_id, customer=customer, stage=stage, peak=stage,
        since_on=NOON.date(), orders=1, spent=500_000, gates=[], version="test",
    )  # fmt: skip


def invited(shop, now=NOON):
    """(occasion, purchase) of everybody invited by now."""
    invite_due(shop=shop, now=now)
    return [(row.occasion, row.purchase) for row in Invitation.objects.order_by("pk")]


# -- before the delivery -----------------------------------------------------------------------


def test_a_fresh_order_is_asked_what_is_expected_at_once_and_once(asking):
    purchase = order(asking, ordered_at=NOON - HOUR)

    assert invited(asking) == [(Occasion.EXPECTATION, purchase)]
    assert invited(asking, NOON + HOUR) == [(Occasion.EXPECTATION, purchase)]


@pytest.mark.parametrize(
    "unfit",
    [
        {"delivered_at": NOON - HOUR},
        {"status": PurchaseStatus.DELIVERED},
        {"status": PurchaseStatus.CANCELLED},
        {"status": PurchaseStatus.SAMPLE},
        {"status": PurchaseStatus.TEST},
        {"total": 500_000, "refunded": 500_000},
        {"subscription_id": "S1", "subscription_no": 2},
        {"ordered_at": NOON - 3 * DAY},
        {"ordered_at": NOON + HOUR},
        {"ordered_at": NOON - 2 * DAY, "heard_after": 3 * DAY + HOUR},
    ],
)
def test_an_order_that_is_not_fresh_open_and_a_decision_is_not_asked(asking, unfit):
    order(asking, **{"ordered_at": NOON - HOUR} | unfit)

    assert invited(asking) == []


@pytest.mark.parametrize(
    "person",
    [{"email": ""}, {"is_contactable": False}, {"erased_at": NOON}],
)
def test_somebody_we_may_not_or_cannot_write_to_is_not_asked(asking, person):
    order(asking, customer=make_customer(asking, **person), ordered_at=NOON - HOUR)

    assert invited(asking) == []


def test_an_order_without_a_person_is_not_asked(asking):
    purchase = order(asking, ordered_at=NOON - HOUR)
    type(purchase).objects.update(customer=None)

    assert invited(asking) == []


# -- after it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ordered", "delivered", "asked"),
    [
        (NOON - 9 * DAY, NOON - 7 * DAY, True),
        (NOON - 9 * DAY, NOON - 7 * DAY + HOUR, False),
        (NOON - 13 * DAY, None, False),
        (NOON - 14 * DAY, None, True),
        (NOON - 28 * DAY, None, False),
        (NOON - 40 * DAY, NOON - 8 * DAY, True),
        (NOON - 40 * DAY, NOON - 21 * DAY, False),
    ],
    ids=["used a week", "not yet a week", "maybe on its way", "delivery unknown", "moment missed",
         "came late", "came and missed"],
)  # fmt: skip
def test_how_it_was_is_asked_some_days_after_it_came(inside, ordered, delivered, asked):
    begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON - 60 * DAY)
    order(inside, ordered_at=ordered, delivered_at=delivered)

    assert [occasion for occasion, _ in invited(inside)] == [Occasion.PERCEIVED] * asked


@pytest.mark.parametrize(
    ("delivered", "said", "asked"),
    [
        (NOON - 7 * DAY, {"at": NOON - 9 * DAY}, Occasion.EVALUATION),
        (NOON - 7 * DAY, {"at": NOON - 7 * DAY - HOUR}, Occasion.EVALUATION),
        (NOON - 7 * DAY, {"at": NOON - 7 * DAY}, Occasion.PERCEIVED),
        (NOON - 7 * DAY, {"at": NOON - 9 * DAY, "is_suspected": True}, Occasion.PERCEIVED),
        (NOON - 7 * DAY, None, Occasion.PERCEIVED),
        (None, {"at": NOON - 11 * DAY + 11 * HOUR}, Occasion.EVALUATION),
        (None, {"at": NOON - 11 * DAY + 12 * HOUR}, Occasion.PERCEIVED),
    ],
    ids=["before it came", "just before", "as it came", "by a machine", "not at all",
         "on the third day", "on the fourth"],
)  # fmt: skip
def test_where_no_expectation_was_given_in_time_the_comparison_itself_is_asked(
    inside, delivered, said, asked
):
    """And whichever is asked, its answer gives the balance that the stage rule sees."""
    begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON - 60 * DAY)
    purchase = order(inside, ordered_at=NOON - 14 * DAY, delivered_at=delivered)
    if said:
        make_touchpoint(purchase.customer, Kind.EXPECTATION, value=7, purchase=purchase, **said)

    occasions = [occasion for occasion, _ in invited(inside)]
    answer_it(Invitation.objects.get(), score=1)

    assert occasions == [asked]
    assessment = reassess(customer=purchase.customer, now=NOON + DAY)
    is_pair = asked is Occasion.EVALUATION
    assert assessment.facts.balance == (Balance.DISSATISFIED if is_pair else Balance.DELIGHTED)


def test_an_order_is_asked_about_in_one_way_only_whatever_is_said_later(inside):
    begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON - 60 * DAY)
    purchase = order(inside, ordered_at=NOON - 9 * DAY, delivered_at=NOON - 7 * DAY)
    first = invited(inside)
    make_touchpoint(
        purchase.customer, Kind.EXPECTATION, value=7, purchase=purchase, at=NOON - 8 * DAY
    )

    assert first == invited(inside, NOON + DAY) == [(Occasion.PERCEIVED, purchase)]


def test_the_database_itself_keeps_anybody_from_being_asked_both_ways(inside):
    invitation = make_invitation(inside, occasion=Occasion.PERCEIVED)

    with pytest.raises(IntegrityError):
        make_invitation(inside, customer=invitation.customer, purchase=invitation.purchase)


def answer_it(invitation, *, score):
    record_answer(
        opened=open_invitation(invitation.shop_id, invitation.pk, lock=True),
        score=score, words="", at=NOON, zone=invitation.shop.zone, signals=[],
    )  # fmt: skip


# -- once a year -------------------------------------------------------------------------------


@pytest.fixture
def asking_nps(inside):
    begin_survey(shop=inside, kind=SurveyKind.NPS, at=NOON - 60 * DAY)
    return inside


@pytest.mark.parametrize(("stage", "times"), [(0, 0), (1, 1), (4, 1)])
def test_only_those_who_have_settled_in_are_asked_about_introducing_us(asking_nps, stage, times):
    purchase = order(asking_nps, ordered_at=NOON - 31 * DAY)
    landed(purchase.customer, stage)

    assert len(invited(asking_nps)) == times


def test_one_person_is_asked_about_introducing_us_once_a_year(asking_nps):
    customer = make_customer(asking_nps)
    landed(customer)
    for days in (31, 32):
        order(asking_nps, customer=customer, ordered_at=NOON - days * DAY)
    first = len(invited(asking_nps))
    order(asking_nps, customer=customer, ordered_at=NOON + 300 * DAY)
    within_the_year = len(invited(asking_nps, NOON + 331 * DAY))
    order(asking_nps, customer=customer, ordered_at=NOON + 336 * DAY)
    after_it = len(invited(asking_nps, NOON + 366 * DAY + HOUR))

    assert (first, within_the_year, after_it) == (1, 1, 2)


# -- history -----------------------------------------------------------------------------------


def test_orders_from_before_the_survey_was_switched_on_are_never_asked_about(inside):
    begin_survey(shop=inside, kind=SurveyKind.ORDER, at=NOON)
    order(inside, ordered_at=NOON)
    order(inside, ordered_at=NOON - HOUR)

    for days in range(40):
        assert invited(inside, NOON + days * DAY) == []


def test_eighteen_months_of_imported_orders_mail_nobody(inside):
    for kind in SurveyKind:
        begin_survey(shop=inside, kind=kind, at=NOON - 600 * DAY)
    for days in range(4, 540, 7):
        purchase = order(inside, ordered_at=NOON - days * DAY, heard_after=days * DAY)
        landed(purchase.customer)

    for days in range(0, 40, 3):
        assert invited(inside, NOON + days * DAY) == []


def test_a_survey_switched_off_asks_nobody(asking):
    survey = begin_survey(shop=asking, kind=SurveyKind.ORDER, at=NOON)
    switch_survey(survey=survey, is_on=False, at=NOON)
    order(asking, ordered_at=NOON - HOUR)

    assert invited(asking) == []


# -- the mail ----------------------------------------------------------------------------------


def test_an_invitation_is_a_mail_in_the_customers_language_with_every_link(asking):
    customer = make_customer(asking, name="Kayo Yamaguchi", locale="en")
    purchase = order(asking, customer=customer, ordered_at=NOON - HOUR)

    invite_due(shop=asking, now=NOON)

    invitation, mail = Invitation.objects.get(), Mail.objects.get()
    url = answer_url(invitation)
    link = read_answer_token(url.split("/a/")[1].rstrip("/"))
    assert invitation.mail == mail
    assert (mail.purpose, mail.purchase, mail.state) == (Purpose.EXPECTATION, purchase, "due")
    assert (link.shop_id, link.invitation_id) == (asking.pk, invitation.pk)
    assert mail.content.language == "en"
    assert mail.content.subject == "Your order is being prepared"
    assert "Dear Kayo Yamaguchi," in mail.content.text
    assert url in mail.content.text
    assert "/u/" in mail.content.text
    assert all(f'{url}?score={score}"' in mail.content.html for score in range(11))
    assert "/u/" in mail.content.html


@pytest.mark.parametrize(("stage", "named"), [(0, False), (1, False), (2, True), (4, True)])
def test_from_empathy_on_a_named_person_writes(asking, stage, named):
    asking.keeper_name = "三浦 紗季"
    purchase = order(asking, ordered_at=NOON - HOUR)
    landed(purchase.customer, stage)

    invite_due(shop=asking, now=NOON)

    text = Mail.objects.get().content.text
    assert Invitation.objects.get().stage == stage
    assert ("おとなり茶舗の三浦 紗季です。" in text) is named
    assert ("おとなり茶舗です。" in text) is not named


def test_an_invitation_asks_for_no_words_and_offers_nothing(asking):
    order(asking, ordered_at=NOON - HOUR)

    invite_due(shop=asking, now=NOON)

    text = Mail.objects.get().content.text
    assert "届く商品は、どのくらい良いと思いますか" in text
    for pressing in ("コメント", "レビュー", "クーポン", "割引", "お早め", "今すぐ", "！"):
        assert pressing not in text


def test_what_the_guard_refuses_is_kept_as_a_contact_refrained_from(asking):
    """An Observer is asked about a purchase once; who did not answer is not asked again."""
    purchase = order(asking, ordered_at=NOON - 9 * DAY, delivered_at=NOON - 7 * DAY)
    Mail.objects.create(
        shop=asking, customer=purchase.customer, purchase=purchase, purpose=Purpose.EXPECTATION,
        to_address="a@example.com", state=MailState.ACCEPTED, dedup_key="x",
        due_at=NOON - 9 * DAY, expires_at=NOON, sending_since=NOON - 9 * DAY,
    )  # fmt: skip

    invite_due(shop=asking, now=NOON)

    mail = Invitation.objects.get().mail
    decision = GuardDecision.objects.get()
    assert (mail.state, mail.reason) == (MailState.BLOCKED, Reason.ASKED_ONCE)
    assert (decision.mail, decision.moment) == (mail, Moment.PLANNING)


def test_at_night_the_mail_waits_for_the_morning(asking):
    midnight = NOON + 12 * HOUR
    order(asking, ordered_at=midnight - HOUR)

    invite_due(shop=asking, now=midnight)

    mail = Mail.objects.get()
    assert (mail.state, mail.reason) == (MailState.DUE, Reason.NIGHT)
    assert mail.due_at == midnight + 9 * HOUR  # the night ends at 8, the hours begin at 9


def test_an_expectation_not_yet_asked_is_called_off_when_the_parcel_comes(asking):
    midnight = NOON + 12 * HOUR
    purchase = order(asking, ordered_at=midnight - HOUR)
    invite_due(shop=asking, now=midnight)
    type(purchase).objects.update(delivered_at=midnight + HOUR)

    invite_due(shop=asking, now=midnight + 2 * HOUR)

    assert [(mail.state, mail.reason) for mail in Mail.objects.all()] == [
        (MailState.CANCELLED, "parcel_came")
    ]


def test_who_answered_before_is_asked_after(asking):
    purchase = order(asking, ordered_at=NOON - 9 * DAY, delivered_at=NOON - 7 * DAY)
    make_touchpoint(
        purchase.customer, Kind.EXPECTATION, value=7, purchase=purchase, at=NOON - 9 * DAY
    )

    invite_due(shop=asking, now=NOON)

    assert Mail.objects.get().state == MailState.DUE


# -- a new link --------------------------------------------------------------------------------


def test_a_new_link_goes_to_the_address_we_have_once_a_day_and_ends_the_old_one(asking):
    order(asking, ordered_at=NOON - HOUR)
    invite_due(shop=asking, now=NOON)
    invitation = Invitation.objects.get()
    later = NOON + 61 * DAY

    for hours in (0, 1):
        send_new_link(invitation_id=invitation.pk, shop=asking, now=later + hours * HOUR)

    renewed = Invitation.objects.get()
    mail = Mail.objects.get(purpose=Purpose.NEW_LINK)
    assert renewed.nonce != invitation.nonce
    assert renewed.expires_at == later + 60 * DAY
    assert answer_url(renewed) in mail.content.text


# -- the work ----------------------------------------------------------------------------------


def test_the_work_comes_again_while_a_survey_is_on_and_ends_with_it(asking):
    again = tasks.invitations(asking.pk)
    survey = begin_survey(shop=asking, kind=SurveyKind.ORDER, at=NOON)
    switch_survey(survey=survey, is_on=False, at=NOON)

    assert isinstance(again, Again)
    assert again.at is not None
    assert tasks.invitations(asking.pk) is None


def test_a_long_queue_is_worked_off_slice_by_slice(asking, monkeypatch):
    monkeypatch.setattr("surveys.inviting.SLICE", 2)
    monkeypatch.setattr("surveys.tasks.SLICE", 2)
    for _ in range(3):
        order(asking, ordered_at=NOON - HOUR)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)

    whole, rest = tasks.invitations(asking.pk), tasks.invitations(asking.pk)

    assert (whole.at, rest.at) == (None, NOON + tasks.EVERY)
    assert Invitation.objects.count() == 3
    assert Work.objects.filter(kind="send").count() == 3
