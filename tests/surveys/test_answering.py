"""An answer is stored once; the first stands, and a person's stands over a machine's."""

from datetime import timedelta

import pytest

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.work.models import Work
from surveys.answering import judge_response, record_answer
from surveys.enums import Occasion, Outcome, Signal
from surveys.models import Response
from surveys.opening import open_invitation
from tests.factories import NOON
from tests.surveys.conftest import make_invitation

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WORDS = "ふたを開けたときの香りが、祖母の家の台所を思い出させてくれました。"


def answer(invitation, score=9, words="", *, at=NOON, signals=(), revises=None):
    return record_answer(
        opened=open_invitation(invitation.shop_id, invitation.pk, lock=True),
        score=score,
        words=words,
        at=at,
        zone=invitation.shop.zone,
        signals=list(signals),
        revises=revises,
    )


def response_to(invitation):
    return Response.objects.get(invitation=invitation)


def facts():
    """(score, standing) of what the ledger holds, in the order it was written."""
    return [
        (int(fact.value), Standing(fact.standing)) for fact in Touchpoint.objects.order_by("pk")
    ]


# -- the first answer ------------------------------------------------------------------------


def test_an_answer_becomes_a_response_and_a_fact_and_marks_the_customer(invitation):
    Work.objects.all().delete()

    outcome = answer(invitation, 9, WORDS)

    response, fact = Response.objects.get(), Touchpoint.objects.get()
    assert outcome is Outcome.STORED
    assert (response.score, response.words, response.answered_at) == (9, WORDS, NOON)
    assert (fact.kind, fact.value, fact.at) == (Kind.EVALUATION, 9, NOON)
    assert (fact.purchase, fact.customer) == (invitation.purchase, invitation.customer)
    assert (fact.words_len, fact.words_is_ja) == (len(WORDS), True)
    assert [row.key for row in Work.objects.all()] == [f"review:{invitation.customer_id}"]


@pytest.mark.parametrize(
    ("occasion", "kind", "is_about_order"),
    [
        (Occasion.EXPECTATION, Kind.EXPECTATION, True),
        (Occasion.EVALUATION, Kind.EVALUATION, True),
        (Occasion.PERCEIVED, Kind.PERCEIVED, True),
        (Occasion.NPS, Kind.NPS, False),
    ],
)
def test_each_occasion_is_a_fact_of_its_own_kind(inside, occasion, kind, is_about_order):
    answer(make_invitation(inside, occasion=occasion))

    fact = Touchpoint.objects.get()
    assert (fact.kind, fact.purchase_id is not None) == (kind, is_about_order)


def test_the_same_answer_again_is_repeated_however_often(invitation):
    outcomes = [answer(invitation, 9, WORDS, at=NOON + n * SECOND) for n in range(3)]

    assert outcomes == [Outcome.STORED, Outcome.REPEATED, Outcome.REPEATED]
    assert facts() == [(9, Standing.COUNTS)]


@pytest.mark.parametrize(("score", "words"), [(8, WORDS), (9, "別のことば"), (9, "")])
def test_a_different_answer_is_refused_and_the_first_stands(invitation, score, words):
    answer(invitation, 9, WORDS)

    outcome = answer(invitation, score, words, at=NOON + DAY)

    assert outcome is Outcome.REFUSED
    assert (response_to(invitation).score, response_to(invitation).words) == (9, WORDS)
    assert facts() == [(9, Standing.COUNTS)]


def test_an_answer_to_an_invitation_that_is_not_locked_is_a_mistake_of_ours(invitation):
    opened = open_invitation(invitation.shop_id, invitation.pk)

    with pytest.raises(ValueError, match="locked"):
        record_answer(
            opened=opened, score=9, words="", at=NOON, zone=invitation.shop.zone, signals=[]
        )


# -- corrections --------------------------------------------------------------------------------


def test_a_correction_is_a_new_fact_that_replaces_the_earlier(invitation):
    answer(invitation, 9)

    outcome = answer(invitation, 6, WORDS, at=NOON + DAY, revises=1)

    first, second = Touchpoint.objects.order_by("pk")
    response = response_to(invitation)
    assert outcome is Outcome.STORED
    assert (second.replaces, second.value, second.at) == (first, 6, NOON + DAY)
    assert (first.response, first.value) == (second.response, 9)
    assert (response.n, response.score, response.words) == (2, 6, WORDS)
    assert (response.answered_at, response.changed_at) == (NOON, NOON + DAY)


def test_a_correction_of_what_was_corrected_meanwhile_is_refused(invitation):
    answer(invitation, 9)
    answer(invitation, 6, at=NOON + DAY, revises=1)

    assert answer(invitation, 3, at=NOON + DAY, revises=1) is Outcome.REFUSED
    assert answer(invitation, 3, at=NOON + DAY, revises=2) is Outcome.STORED


def test_corrections_are_taken_to_the_end_of_the_seventh_day_in_the_shops_zone(invitation):
    answer(invitation, 9)
    end_of_day = NOON + 7 * DAY + timedelta(hours=11, minutes=59, seconds=59)

    assert answer(invitation, 8, at=end_of_day + SECOND, revises=1) is Outcome.REFUSED
    assert answer(invitation, 8, at=end_of_day, revises=1) is Outcome.STORED


def test_what_looks_like_a_machine_corrects_nobody(invitation):
    answer(invitation, 9)

    outcome = answer(invitation, 0, at=NOON + DAY, revises=1, signals=[Signal.TRAP])

    assert (outcome, facts()) == (Outcome.REFUSED, [(9, Standing.COUNTS)])


# -- machines ------------------------------------------------------------------------------------


def test_a_suspected_answer_is_kept_with_its_signs_and_does_not_count(invitation):
    outcome = answer(invitation, 0, signals=[Signal.TOO_FAST])

    response = response_to(invitation)
    assert outcome is Outcome.STORED
    assert (response.is_suspected, response.signs) == (True, [Signal.TOO_FAST])
    assert facts() == [(0, Standing.SUSPECTED)]


@pytest.mark.parametrize("score", [0, 7])
def test_a_persons_answer_takes_the_place_of_a_machines(invitation, score):
    answer(invitation, 0, signals=[Signal.TOO_FAST])

    outcome = answer(invitation, score, WORDS, at=NOON + DAY)

    response, fact = response_to(invitation), Touchpoint.objects.latest("pk")
    assert outcome is Outcome.STORED
    assert (response.score, response.is_suspected, response.signs) == (score, False, [])
    assert response.answered_at == NOON + DAY
    assert facts() == [(0, Standing.SUSPECTED), (score, Standing.COUNTS)]
    assert fact.replaces is None


def test_a_machine_that_comes_later_displaces_nobody(invitation):
    answer(invitation, 9)

    assert answer(invitation, 9, at=NOON + DAY, signals=[Signal.TOO_FAST]) is Outcome.REPEATED
    assert answer(invitation, 0, at=NOON + DAY, signals=[Signal.TOO_FAST]) is Outcome.REFUSED
    assert facts() == [(9, Standing.COUNTS)]


def test_three_different_scores_within_a_minute_are_taken_back_as_a_machines(invitation):
    for n, score in enumerate([9, 8, 8, 7]):
        answer(invitation, score, at=NOON + n * SECOND)

    response = response_to(invitation)
    assert (response.is_suspected, response.signs) == (True, [Signal.SEVERAL])
    assert facts() == [(9, Standing.SUSPECTED)]


def test_after_the_minute_of_a_machine_a_persons_answer_stands(invitation):
    for n, score in enumerate([9, 8, 7, 6]):
        answer(invitation, score, at=NOON + n * SECOND)

    assert answer(invitation, 5, at=NOON + 60 * SECOND) is Outcome.REFUSED
    assert answer(invitation, 5, at=NOON + 61 * SECOND) is Outcome.STORED
    assert facts() == [(9, Standing.SUSPECTED), (5, Standing.COUNTS)]


def test_a_person_who_hesitates_over_days_is_no_machine(invitation):
    for n, score in enumerate([9, 8, 7]):
        answer(invitation, score, at=NOON + n * DAY)

    assert facts() == [(9, Standing.COUNTS)]


# -- staff ---------------------------------------------------------------------------------------


def test_staff_let_a_suspected_answer_count_and_may_take_it_back(invitation, owner):
    answer(invitation, 9, signals=[Signal.TOO_FAST])
    response = response_to(invitation)

    judge_response(response=response, does_count=True, user=owner, at=NOON + DAY)
    counted = facts()
    judge_response(response=response, does_count=False, user=owner, at=NOON + DAY)

    assert counted == [(9, Standing.COUNTS)]
    assert facts() == [(9, Standing.SUSPECTED)]
    assert (response_to(invitation).judged_by, response_to(invitation).judged_at) == (
        owner,
        NOON + DAY,
    )


def test_after_staff_have_judged_signs_no_longer_decide(invitation, owner):
    answer(invitation, 9)
    judge_response(response=response_to(invitation), does_count=True, user=owner, at=NOON)

    for n, score in enumerate([8, 7, 6]):
        answer(invitation, score, at=NOON + n * SECOND)

    assert facts() == [(9, Standing.COUNTS)]
