import pytest

from crm.stages.enums import Stage
from crm.stages.facts import Fact, Purchase
from crm.stages.gates import Need
from crm.stages.rule_settings import RuleSettings
from tests.crm.stages.builders import assessed, fact, letter, on, pair, purchase

SHARE = {"is_public": True}
Things = list[Purchase | Fact]


def _stage(day: int, *things: Purchase | Fact) -> Stage:
    return assessed(day, *things).stage


def _paired(evaluated: float) -> Things:
    order = purchase(0)
    return [order, *pair(5, order, 5, evaluated)]


def test_observer_is_open_to_everybody() -> None:
    assert _stage(0, fact("inquiry", 0, standing="shown")) == Stage.OBSERVER


def test_a_single_purchase_settles_no_worry() -> None:
    assert _stage(9, purchase(0)) == Stage.OBSERVER


@pytest.mark.parametrize(
    "sign",
    [
        _paired(5),
        [fact("nps", 5, value=7)],
        [purchase(5)],
        [fact("recovery", 5, value=0)],
    ],
)
def test_a_purchase_and_one_sign_land(sign: Things) -> None:
    assert _stage(4, purchase(0), *sign) == Stage.OBSERVER
    assert _stage(5, purchase(0), *sign) == Stage.LANDING


@pytest.mark.parametrize("sign", [letter(5), fact("event", 5)])
def test_words_or_an_act_land_without_a_purchase_and_lead_on(sign: Fact) -> None:
    assert _stage(5, sign) == Stage.EMPATHY


@pytest.mark.parametrize(
    "no_sign",
    [_paired(3), [fact("nps", 5, value=6)], [fact("recovery", 5, value=-1)], [purchase(0.1)]],
)
def test_what_is_no_sign_does_not_land(no_sign: Things) -> None:
    assert _stage(5, purchase(0), *no_sign) == Stage.OBSERVER


@pytest.mark.parametrize("sign", [fact("nps", 5, value=9), fact("recovery", 5, value=1)])
def test_a_sign_without_presence_does_not_land(sign: Fact) -> None:
    assert _stage(5, sign) == Stage.OBSERVER


def test_a_purchase_holds_landing_for_730_days() -> None:
    orders = [purchase(0), purchase(10)]

    assert _stage(740, *orders) == Stage.LANDING
    assert _stage(741, *orders) == Stage.OBSERVER


def test_landing_is_gained_by_a_sign_up_to_730_days_after_a_purchase() -> None:
    assert _stage(730, purchase(0), fact("nps", 730, value=7)) == Stage.LANDING
    assert _stage(731, purchase(0), fact("nps", 731, value=7)) == Stage.OBSERVER


def test_one_purchase_and_many_do_not_open_empathy() -> None:
    assert _stage(300, *[purchase(day) for day in range(0, 300, 10)]) == Stage.LANDING


@pytest.mark.parametrize(
    ("sign", "stage"),
    [
        ([letter(5)], Stage.EMPATHY),
        ([fact("event", 5)], Stage.EMPATHY),
        ([fact("recovery", 5, value=1)], Stage.EMPATHY),
        ([fact("recovery", 5, value=0)], Stage.LANDING),
        (_paired(9), Stage.LANDING),
        ([*_paired(9), fact("nps", 5, value=8)], Stage.LANDING),
        ([*_paired(9), fact("nps", 5, value=9)], Stage.EMPATHY),
        ([*_paired(9), purchase(3)], Stage.EMPATHY),
        ([*_paired(5), purchase(3), fact("nps", 5, value=10)], Stage.LANDING),
    ],
)
def test_empathy_opens_by_words_acts_a_recovery_or_delight(sign: Things, stage: Stage) -> None:
    assert _stage(5, purchase(0), *sign) == stage


def test_engagement_opens_by_acts_on_two_days() -> None:
    acts = [fact("event", 0), fact("event", 0.1), fact("idea", 8)]

    assert _stage(7, *acts) == Stage.EMPATHY
    assert _stage(8, *acts) == Stage.ENGAGEMENT


def test_circulation_opens_by_two_passes_thirty_days_apart() -> None:
    near = [fact("share", 0, **SHARE), fact("share", 29, **SHARE)]
    far = [fact("share", 0, **SHARE), fact("share", 30, **SHARE)]

    assert _stage(40, *near) == Stage.ENGAGEMENT
    assert _stage(40, *far) == Stage.CIRCULATION


def test_passes_between_do_not_hide_the_two_far_apart() -> None:
    days = (0, 20, 31)

    assert _stage(40, *[fact("share", day, **SHARE) for day in days]) == Stage.CIRCULATION


def test_circulation_opens_by_one_pass_of_a_promoter_who_has_bought_twice() -> None:
    base = [fact("share", 5, **SHARE), fact("event", 1)]
    promoter, bought = fact("nps", 3, value=9), [purchase(0), purchase(2)]

    assert _stage(5, *base, promoter, *bought) == Stage.CIRCULATION
    assert _stage(5, *base, *bought) == Stage.ENGAGEMENT
    assert _stage(5, *base, promoter, bought[0]) == Stage.ENGAGEMENT
    assert _stage(5, *base, fact("nps", 3, value=8), *bought) == Stage.ENGAGEMENT


def test_every_gate_below_must_be_open_too() -> None:
    one_pass_only = [fact("share", 5, **SHARE), fact("nps", 3, value=9), purchase(0), purchase(2)]

    assert _stage(5, *one_pass_only) == Stage.EMPATHY


def test_the_evidence_names_the_rows_a_gate_rests_on() -> None:
    acts = [fact("event", 1), fact("idea", 8), fact("idea", 9)]
    orders = [purchase(0), purchase(2), purchase(5)]

    found = assessed(9, *acts, *orders)

    assert found.evidence == {
        Stage.LANDING: (orders[2].ref, orders[0].ref, orders[1].ref),
        Stage.EMPATHY: (acts[2].ref,),
        Stage.ENGAGEMENT: (acts[2].ref, acts[1].ref),
    }


def test_a_pair_is_evidence_with_both_its_halves() -> None:
    order = purchase(0)
    expectation, evaluation = pair(5, order, 5, 5)

    found = assessed(5, order, expectation, evaluation)

    assert found.evidence[Stage.LANDING] == (order.ref, evaluation.ref, expectation.ref)


def test_of_several_ways_the_longest_lasting_is_the_evidence() -> None:
    words, act = letter(3), fact("event", 9)

    assert assessed(9, words, act).evidence[Stage.EMPATHY] == (act.ref,)


def test_the_longest_lasting_is_so_by_the_keep_window() -> None:
    orders, act = [purchase(0), purchase(1)], fact("event", 300)

    # The order of day 1 is presence until day 731; the act until 665 to gain, 845 to keep.
    found = assessed(300, *orders, act)

    assert found.evidence[Stage.LANDING] == (act.ref, orders[0].ref, orders[1].ref)


def test_of_several_acts_of_a_day_the_first_is_the_evidence() -> None:
    second, first = fact("idea", 3.2), fact("event", 3.1)

    assert assessed(3, second, first).evidence[Stage.EMPATHY] == (first.ref,)


def test_what_would_open_the_next_stage_is_told_in_ways() -> None:
    found = assessed(0, purchase(0))

    assert found.next_ways == (
        (Need("balance", "satisfied"),),
        (Need("nps", "7"),),
        (Need("purchase_days", "2"),),
        (Need("recovered", "met"),),
        (Need("words", "1"),),
        (Need("acts", "1"),),
    )


def test_what_is_there_already_is_not_asked_for_again() -> None:
    found = assessed(5, *_paired(9))

    assert (Need("nps", "9"),) in found.next_ways
    assert (Need("purchase_days", "2"),) in found.next_ways
    assert all(need.fact != "delights" for way in found.next_ways for need in way)


def test_needs_that_go_together_are_one_way() -> None:
    found = assessed(9, fact("event", 0), fact("event", 9))

    assert found.next_ways == (
        (Need("passes", "2/30"),),
        (Need("passes", "1"), Need("nps", "9"), Need("purchase_days", "2")),
    )


def test_a_way_that_asks_for_more_than_another_is_left_out() -> None:
    found = assessed(800, purchase(0))  # no presence any more: words alone do it

    assert (Need("words", "1"),) in found.next_ways
    assert (Need("purchase_inside_days", "730"), Need("nps", "7")) in found.next_ways
    assert not any(set(one) < set(other) for one in found.next_ways for other in found.next_ways)


def test_nothing_opens_beyond_circulation() -> None:
    passes = [fact("share", 0, **SHARE), fact("share", 30, **SHARE)]

    assert assessed(30, *passes).next_ways == ()


def test_while_unresolved_only_a_resolution_opens_anything() -> None:
    found = assessed(5, purchase(0), fact("complaint", 5))

    assert found.next_ways == ((Need("resolution", "1"),),)


@pytest.mark.parametrize(
    ("changed", "stage"),
    [
        ({"landing_nps": 6}, Stage.LANDING),
        ({"landing_purchase_days": 1}, Stage.LANDING),
        ({"landing_days": 3, "landing_nps": 6}, Stage.OBSERVER),
        ({"landing_nps": 8}, Stage.OBSERVER),
    ],
)
def test_the_numbers_of_a_gate_are_settings(changed: dict[str, int], stage: Stage) -> None:
    found = assessed(
        9,
        purchase(0),
        fact("nps", 5, value=6),
        settings=RuleSettings(**changed),  # type: ignore[arg-type]
    )

    assert found.stage == stage
    assert found.stage_since <= on(9)
