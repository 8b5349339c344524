import pytest

from crm.followups.enums import Call
from crm.ledger.enums import Kind
from crm.stages.enums import Balance
from tests.crm.followups.situations import somebody, told


@pytest.mark.parametrize(
    ("fact", "call"),
    [
        (told(Kind.REFERRAL), Call.THANK),
        (told(Kind.SHARE), Call.THANK),
        (told(Kind.EVENT), Call.THANK),
        (told(Kind.IDEA), Call.THANK),
        (told(Kind.COMMUNITY), Call.THANK),
        (told(Kind.REVIEW, stars=3), Call.THANK),
        (told(Kind.REVIEW, stars=5, is_public=True), Call.THANK),
        (told(Kind.REVIEW, stars=2, has_words=True), Call.ANSWER),
        (told(Kind.REVIEW, stars=2), None),
        (told(Kind.LETTER), Call.ANSWER),
        (told(Kind.INQUIRY), Call.ANSWER),
        (told(Kind.REPLY), Call.ANSWER),
        (told(Kind.EVALUATION, has_words=True), Call.ANSWER),
        (told(Kind.NPS, has_words=True), Call.ANSWER),
        (told(Kind.EVALUATION), None),
        (told(Kind.COMPLAINT, has_words=True), None),
        (told(Kind.UNSUBSCRIBED), None),
        (told(Kind.OUR_LETTER, has_words=True), None),
        (told(Kind.SHARE, is_rewarded=True), None),
    ],
)
def test_what_a_fact_asks_of_us(fact, call):
    assert fact.asks_for == call


def test_a_review_in_public_is_passed_on_and_one_in_private_is_an_act():
    assert told(Kind.REVIEW, stars=4, is_public=True).is_pass
    assert not told(Kind.REVIEW, stars=4).is_pass
    assert not told(Kind.REVIEW, stars=3, is_public=True).is_pass


def test_what_waits_longest_comes_first_and_what_was_answered_waits_no_more():
    new, old = told(Kind.LETTER, 1, id=3), told(Kind.LETTER, 9, id=2)
    answered = told(Kind.LETTER, 20, id=1, is_answered=True)

    assert somebody(told=(new, old, answered)).unanswered_words == old


def test_a_pass_is_an_act_and_an_act_is_no_pass():
    act = somebody(told=(told(Kind.EVENT),))
    passed_on = somebody(told=(told(Kind.REFERRAL),))

    assert (act.unthanked_pass, act.unthanked_act) == (None, act.told[0])
    assert passed_on.unthanked_pass == passed_on.unthanked_act == passed_on.told[0]


def test_delight_is_thanked_for_while_it_is_fresh_and_nobody_did():
    answer = told(Kind.EVALUATION, 30)

    assert somebody(balance=Balance.DELIGHTED, told=(answer,)).delight == answer
    assert somebody(balance=Balance.SATISFIED, told=(answer,)).delight is None
    assert somebody(balance=Balance.DELIGHTED, told=(told(Kind.EVALUATION, 31),)).delight is None
    thanked = told(Kind.EVALUATION, is_answered=True)
    assert somebody(balance=Balance.DELIGHTED, told=(thanked,)).delight is None
