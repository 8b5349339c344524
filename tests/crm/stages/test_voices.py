import pytest

from crm.stages.facts import Fact, merge
from crm.stages.rules import assess
from crm.stages.yardsticks import Yardstick
from tests.crm.stages.builders import (
    SETTINGS,
    TOKYO,
    assessed,
    at,
    fact,
    history,
    letter,
    on,
    pair,
    purchase,
    review,
)


@pytest.mark.parametrize(
    ("length", "is_ja", "words"), [(19, True, 0), (20, True, 1), (39, False, 0), (40, False, 1)]
)
def test_own_words_have_a_length(length: int, is_ja: bool, words: int) -> None:
    found = assessed(0, letter(0, words_len=length, words_is_ja=is_ja))

    assert found.facts.words == words


@pytest.mark.parametrize(
    "kind", ["letter", "review", "nps", "expectation", "evaluation", "perceived", "recovery"]
)
def test_letters_comments_and_reviews_are_words(kind: str) -> None:
    assert assessed(0, fact(kind, 0, words_len=40)).facts.words == 1


@pytest.mark.parametrize("kind", ["complaint", "event", "idea", "community", "share"])
def test_other_texts_are_no_words(kind: str) -> None:
    assert assessed(0, fact(kind, 0, words_len=40)).facts.words == 0


@pytest.mark.parametrize("kind", ["reply", "inquiry"])
def test_a_reply_or_inquiry_counts_only_as_a_personal_letter(kind: str) -> None:
    assert assessed(0, fact(kind, 0, words_len=40, standing="shown")).facts.words == 0
    assert assessed(0, fact(kind, 0, words_len=40, standing="counts")).facts.words == 1


def test_a_machines_words_never_count() -> None:
    machine = letter(0, standing="suspected")

    assert assessed(0, fact("event", 0), machine).facts.words == 0


def test_words_count_inside_365_days() -> None:
    assert assessed(365, letter(0)).facts.words == 1
    assert assessed(366, letter(0)).facts.words == 0


def test_words_of_one_response_are_one() -> None:
    together = [
        fact(kind, 0, words_len=40, response="r", value=8) for kind in ("nps", "expectation")
    ]

    assert assessed(0, *together).facts.words == 1
    assert assessed(0, *together, letter(0), letter(0)).facts.words == 3


@pytest.mark.parametrize("kind", ["perceived", "recovery"])
def test_words_of_a_dissatisfied_answer_do_not_count(kind: str) -> None:
    assert assessed(0, fact(kind, 0, value=-1, words_len=40)).facts.words == 0
    assert assessed(0, fact(kind, 0, value=0, words_len=40)).facts.words == 1


def test_words_of_a_dissatisfied_pair_do_not_count() -> None:
    order = purchase(0)
    expectation, _ = pair(5, order, 8, 5)
    evaluation = fact("evaluation", 5, purchase_id=order.id, value=5, words_len=40)

    assert assessed(5, order, expectation, evaluation).facts.words == 0
    assert assessed(5, order, evaluation).facts.words == 1


@pytest.mark.parametrize(("score", "words"), [(6, 0), (7, 1)])
def test_words_beside_a_low_score_do_not_count(score: int, words: int) -> None:
    on_the_score = fact("nps", 0, value=score, words_len=40)
    beside = [
        fact("nps", 0, value=score, response="r"),
        fact("evaluation", 0, value=9, words_len=40, response="r"),
    ]

    assert assessed(0, on_the_score).facts.words == words
    assert assessed(0, *beside).facts.words == words


def test_a_low_score_elsewhere_takes_no_words_away() -> None:
    assert assessed(0, letter(0), fact("nps", 0, value=0)).facts.words == 1


def test_words_edited_stand_where_they_were_first_given() -> None:
    short = letter(0, words_len=5)
    longer = letter(9, replaces_id=short.id)

    assert assessed(8, short, longer).facts.words == 0
    assert assessed(9, short, longer).facts.words == 1
    assert assessed(366, short, longer).facts.words == 0


@pytest.mark.parametrize("kind", ["event", "idea", "community"])
def test_joining_in_is_an_act_without_any_purchase(kind: str) -> None:
    found = assessed(0, fact(kind, 0))

    assert (found.facts.acts, found.facts.passes, found.facts.orders) == (1, 0, 0)


@pytest.mark.parametrize(
    ("stars", "is_public", "acts", "passes"),
    [
        (None, True, 0, 0),
        (2, True, 0, 0),
        (3, True, 1, 0),
        (4, False, 1, 0),
        (4, True, 1, 1),
        (5, True, 1, 1),
    ],
)
def test_a_review_by_its_stars(stars: int, is_public: bool, acts: int, passes: int) -> None:
    found = assessed(0, review(0, stars, is_public=is_public))

    assert (found.facts.acts, found.facts.passes) == (acts, passes)


def test_a_review_without_text_is_no_act() -> None:
    found = assessed(0, review(0, 5, is_public=True, words_len=0))

    assert (found.facts.acts, found.facts.passes) == (0, 0)


def test_a_share_carries_the_shop_only_in_public() -> None:
    assert assessed(0, fact("share", 0, is_public=True)).facts.passes == 1
    assert assessed(0, fact("share", 0, is_public=True)).facts.acts == 1
    assert assessed(0, fact("share", 0)).facts.acts == 0


@pytest.mark.parametrize("kind", ["event", "idea", "community", "share", "referral", "review"])
def test_rewarded_acts_never_count(kind: str) -> None:
    found = assessed(
        9,
        fact(
            kind,
            0,
            is_rewarded=True,
            is_public=True,
            stars=5,
            words_len=40,
            other_id=8,
            others=(purchase(1),),
        ),
    )

    facts = found.facts
    assert (facts.acts, facts.passes, facts.words, found.warmth) == (0, 0, 0, 0)


def test_several_acts_on_one_day_are_one() -> None:
    acts = [fact("event", 0), fact("idea", 0.1), fact("share", 0.2, is_public=True)]
    acts += [fact("share", 0.3, is_public=True)]

    found = assessed(0, *acts)

    assert (found.facts.acts, found.facts.passes) == (1, 1)


def test_acts_count_inside_365_days() -> None:
    assert assessed(365, fact("event", 0)).facts.acts == 1
    assert assessed(366, fact("event", 0)).facts.acts == 0


def _referral(day: float, *bought: float, **kwargs: object) -> Fact:
    orders = tuple(purchase(each) for each in bought)
    return fact("referral", day, **{"other_id": 8, "others": orders} | kwargs)


def test_a_referral_counts_from_the_first_valid_purchase() -> None:
    referral = _referral(0, 30, 40)

    assert assessed(29, referral).facts.passes == 0
    assert assessed(30, referral).facts.passes == 1
    assert assessed(40, referral).facts.passes == 1  # and not again
    assert assessed(395, referral).facts.passes == 1
    assert assessed(396, referral).facts.passes == 0


def test_a_referral_of_somebody_who_has_bought_counts_from_the_referral() -> None:
    assert assessed(4, purchase(0), _referral(5, 3)).facts.passes == 0
    assert assessed(5, purchase(0), _referral(5, 3)).facts.passes == 1
    assert assessed(370, purchase(0), _referral(5, 3)).facts.passes == 1


def test_a_cancelled_purchase_of_the_other_takes_the_pass_away_from_then_on() -> None:
    cancelled = purchase(10, status="cancelled", voided_at=at(12))
    referral = fact("referral", 0, other_id=8, others=(cancelled,))

    assert assessed(11, referral).facts.passes == 1
    assert assessed(12, referral).facts.passes == 0


def test_a_referral_of_nobody_known_is_no_pass() -> None:
    assert assessed(0, fact("referral", 0)).facts.acts == 0


def test_two_referrals_of_one_person_are_one_pass() -> None:
    assert assessed(99, _referral(0, 10), _referral(50, 10)).facts.passes == 1
    assert assessed(99, _referral(0, 10), _referral(50, 60, other_id=9)).facts.passes == 2


def test_two_referrals_of_nobody_named_are_each_their_own() -> None:
    nobody = {"other_id": None}

    assert assessed(99, _referral(0, 10, **nobody), _referral(5, 20, **nobody)).facts.passes == 2


def test_introducing_oneself_is_no_pass_after_a_merge() -> None:
    referral = _referral(0, 10)
    whole = merge(history(referral), history())
    alone = assess(whole, zone=TOKYO, settings=SETTINGS, yardstick=Yardstick(), as_of=on(10))
    joined = assess(
        type(whole)(facts=whole.facts, customer_ids=frozenset({7, 8})),
        zone=TOKYO,
        settings=SETTINGS,
        yardstick=Yardstick(),
        as_of=on(10),
    )

    assert alone is not None
    assert joined is not None
    assert (alone.facts.passes, joined.facts.passes) == (1, 0)
