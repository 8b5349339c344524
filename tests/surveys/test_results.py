"""What came back is counted as it is: by state and reason, and felt as the stage rule feels it."""

from datetime import timedelta

import pytest

from crm.ledger.enums import Kind
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.stages.enums import Balance
from crm.stages.services import reassess
from surveys.answering import record_answer
from surveys.enums import Occasion, Signal, SurveyKind
from surveys.models import Response
from surveys.opening import open_invitation
from surveys.results import felt_of, nps_of, signed, suspected_count, tally_of, with_balance
from surveys.services import begin_survey
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint
from tests.surveys.conftest import make_invitation

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_AGO = NOON - 100 * DAY


def answer(invitation, score, *, at=NOON, signals=(), revises=None):
    record_answer(
        opened=open_invitation(invitation.shop_id, invitation.pk, lock=True), score=score,
        words="", at=at, zone=invitation.shop.zone, signals=list(signals), revises=revises,
    )  # fmt: skip


def mailed(shop, state, reason="", **kwargs):
    """An invitation whose mail is in this state."""
    invitation = make_invitation(shop, **kwargs)
    invitation.mail = Mail.objects.create(
        shop=shop, customer=invitation.customer, purpose=Purpose.EVALUATION, state=state,
        reason=reason, to_address="a@example.com", dedup_key=f"test:{invitation.pk}",
        due_at=NOON, expires_at=NOON + DAY,
    )  # fmt: skip
    invitation.save()
    return invitation


# -- how many ----------------------------------------------------------------------------------


def test_every_invitation_is_counted_once_by_what_became_of_it(survey):
    shop = survey.shop
    for state in (MailState.SENDING, MailState.ACCEPTED, MailState.DELIVERED, MailState.UNKNOWN):
        mailed(shop, state)
    answer(mailed(shop, MailState.ACCEPTED), 9)
    answer(mailed(shop, MailState.ACCEPTED), 0, signals=[Signal.TOO_FAST])
    mailed(shop, MailState.DUE)
    mailed(shop, MailState.DUE, "distance")
    for _ in range(2):
        mailed(shop, MailState.BLOCKED, "asked_once")
    mailed(shop, MailState.CANCELLED, "survey_off")
    mailed(shop, MailState.BOUNCED, "no_such_address")
    mailed(shop, MailState.ACCEPTED, invited_at=LONG_AGO)

    tally = tally_of(survey, since=NOON - DAY)

    assert (tally.sent, tally.answered, tally.waiting, tally.returned) == (6, 1, 1, 1)
    assert tally.held == {"distance": 1}
    assert tally.refrained == {"asked_once": 2}
    assert tally.called_off == {"survey_off": 1}


def test_a_share_is_said_from_ten_mails_on(survey):
    for sent in range(1, 11):
        invitation = mailed(survey.shop, MailState.ACCEPTED)
        if sent <= 3:
            answer(invitation, 9)
        if sent == 9:
            assert tally_of(survey, since=NOON - DAY).rate is None

    assert tally_of(survey, since=NOON - DAY).rate == 30


def test_answers_left_out_are_counted_apart(survey):
    for _ in range(3):
        answer(make_invitation(survey.shop), 0, signals=[Signal.TRAP])

    assert suspected_count(survey) == 3
    assert suspected_count(survey, most=2) == 2


# -- the likelihood to introduce ---------------------------------------------------------------


def test_the_score_is_of_the_answers_that_count_and_lie_in_its_time(inside):
    nps = begin_survey(shop=inside, kind=SurveyKind.NPS, at=LONG_AGO)
    for score in (10, 9, 8, 6):
        answer(make_invitation(inside, occasion=Occasion.NPS), score)
    answer(make_invitation(inside, occasion=Occasion.NPS), 0, signals=[Signal.TRAP])
    answer(make_invitation(inside, occasion=Occasion.NPS), 0, at=LONG_AGO)
    answer(make_invitation(inside), 0)

    found = nps_of(nps, since=NOON - DAY)

    assert (found.promoters, found.passives, found.detractors) == (2, 1, 1)


@pytest.mark.parametrize(
    ("points", "said"), [(24.4, "+24"), (-8.2, "−8"), (0.3, "±0"), (0, "±0"), (100, "+100")]
)
def test_points_are_written_with_their_sign(points, said):
    assert signed(points) == said


# -- what they felt ----------------------------------------------------------------------------

DELIVERED = NOON - 7 * DAY

# What was expected and when, and what was answered: in time, late, edited, by a machine.
SAID = {
    "below": ([(8, NOON - 8 * DAY, {})], 5, Balance.DISSATISFIED),
    "just within the band below": ([(8, NOON - 8 * DAY, {})], 7, Balance.SATISFIED),
    "as expected": ([(8, NOON - 8 * DAY, {})], 8, Balance.SATISFIED),
    "beyond": ([(6, NOON - 8 * DAY, {})], 9, Balance.DELIGHTED),
    "expected too late": ([(6, NOON - 6 * DAY, {})], 9, ""),
    "expected as it came": ([(6, DELIVERED, {})], 9, ""),
    "expected by a machine": ([(6, NOON - 8 * DAY, {"is_suspected": True})], 9, ""),
    "said again in time": (
        [(2, NOON - 9 * DAY, {}), (9, NOON - 8 * DAY, {})], 9, Balance.SATISFIED,
    ),
    "said again too late": (
        [(9, NOON - 9 * DAY, {}), (2, NOON - 6 * DAY, {})], 9, Balance.SATISFIED,
    ),
    "nothing": ([], 9, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_pair_is_felt_as_the_stage_rule_feels_it(survey, name):
    expectations, score, expected = SAID[name]
    shop = survey.shop
    customer = make_customer(shop)
    purchase = make_purchase(customer, ordered_at=NOON - 9 * DAY - HOUR, delivered_at=DELIVERED)
    for value, at, how in expectations:
        make_touchpoint(customer, Kind.EXPECTATION, value=value, purchase=purchase, at=at, **how)
    answer(make_invitation(shop, customer=customer, purchase=purchase), score)

    felt = with_balance(Response.objects.all(), shop).get().balance

    rule = reassess(customer=customer, now=NOON).facts.balance
    assert felt == expected
    assert felt == (rule or "")


@pytest.mark.parametrize(
    ("score", "balance"),
    [(-1, Balance.DISSATISFIED), (0, Balance.SATISFIED), (1, Balance.DELIGHTED)],
)
def test_a_comparison_says_itself_what_was_felt(survey, score, balance):
    answer(make_invitation(survey.shop, occasion=Occasion.PERCEIVED), score)

    felt = felt_of(survey, survey.shop, since=NOON - DAY)

    assert felt.alone == {balance: 1}
    assert felt.rows_of_alone == [(each, int(each is balance)) for each in Balance]


def test_a_pair_and_what_was_asked_afterwards_alone_are_never_added(survey):
    purchase = make_purchase(make_customer(survey.shop), ordered_at=NOON - DAY)
    about = {"customer": purchase.customer, "purchase": purchase}
    answer(make_invitation(survey.shop, occasion=Occasion.EXPECTATION, **about), 5, at=NOON - HOUR)
    answer(make_invitation(survey.shop, occasion=Occasion.EVALUATION, **about), 9)
    answer(make_invitation(survey.shop, occasion=Occasion.PERCEIVED), 1)

    felt = felt_of(survey, survey.shop, since=NOON - DAY)

    assert felt.pairs == felt.alone == {Balance.DELIGHTED: 1}


def test_an_edited_answer_is_felt_as_it_stands_now(survey):
    invitation = make_invitation(survey.shop, occasion=Occasion.PERCEIVED)
    answer(invitation, 1)
    answer(invitation, -1, at=NOON + DAY, revises=1)

    assert with_balance(Response.objects.all(), survey.shop).get().balance == Balance.DISSATISFIED


def test_what_is_left_out_is_felt_by_nobody(survey):
    answer(make_invitation(survey.shop, occasion=Occasion.PERCEIVED), -1, signals=[Signal.TRAP])

    assert not felt_of(survey, survey.shop, since=NOON - DAY).alone
