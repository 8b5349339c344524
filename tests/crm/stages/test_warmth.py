import pytest

from crm.stages.enums import Direction
from crm.stages.facts import Fact, Purchase
from crm.stages.rule_settings import RuleSettings
from crm.stages.yardsticks import Yardstick
from tests.crm.stages.builders import assessed, at, fact, letter, on, pair, purchase, review

Things = list[Purchase | Fact]
ORDER = purchase(0)
BARE = RuleSettings(weight_purchase=0)


@pytest.mark.parametrize(
    ("things", "weight"),
    [
        ([purchase(9)], 3),
        ([purchase(9, status="sample")], 0),
        ([fact("perceived", 9, value=0)], 1),
        ([fact("perceived", 9, value=1)], 4),
        ([fact("perceived", 9, value=-1)], -3),
        ([fact("evaluation", 9, value=5)], 0),
        ([fact("nps", 9, value=0)], 1),
        ([fact("nps", 9, value=10)], 1),
        ([fact("expectation", 9, value=5)], 0),
        ([fact("recovery", 9, value=0)], 5),
        ([fact("recovery", 9, value=1)], 5),
        ([fact("recovery", 9, value=-1)], 0),
        ([fact("complaint", 9)], -5),
        ([fact("complaint_closed", 9)], 0),
        ([letter(9)], 2),
        ([fact("event", 9)], 3),
        ([fact("share", 9, is_public=True)], 5),
        ([review(9, 3)], 3),
        ([review(9, 4, is_public=True)], 5),
        ([review(9, 2)], -5),
        ([fact("unsubscribed", 9)], -5),
        ([fact("subscription_left", 9)], 0),
        ([fact("inquiry", 9, standing="shown", words_len=99)], 0),
    ],
)
def test_each_fact_has_its_weight(things: Things, weight: float) -> None:
    assert assessed(9, *things).warmth == weight


@pytest.mark.parametrize(("evaluated", "weight"), [(5, 1), (9, 4), (1, -3)])
def test_a_pair_weighs_once_for_both_its_halves(evaluated: float, weight: float) -> None:
    found = assessed(0, ORDER, *pair(0.2, ORDER, 5, evaluated), settings=BARE)

    assert found.warmth == weight


@pytest.mark.parametrize(
    ("things", "weight"),
    [
        ([fact("nps", 9, value=9, words_len=40)], 2),
        ([fact("perceived", 9, value=1, words_len=40)], 4),
        ([review(9, 5, is_public=True, words_len=40)], 5),
        ([review(9, 3, words_len=40)], 3),
    ],
)
def test_a_fact_that_is_several_things_weighs_as_the_largest(things: Things, weight: float) -> None:
    assert assessed(9, *things).warmth == weight


def test_two_acts_of_one_day_weigh_each() -> None:
    assert assessed(0, fact("event", 0), fact("idea", 0)).warmth == 6


def test_warmth_halves_with_every_rhythm() -> None:
    found = [assessed(day, purchase(0)).warmth for day in (0, 90, 180, 30)]

    assert found == [3, 1.5, 0.75, round(3 * 2 ** (-1 / 3), 9)]


def test_warmth_uses_the_rhythm_of_the_day_for_the_whole_curve() -> None:
    orders = [purchase(0), purchase(40), purchase(80)]

    assert assessed(80, *orders).warmth == 3 + 1.5 + 0.75


def test_an_edited_answer_warms_from_where_it_was_first_given() -> None:
    first = fact("perceived", 0, value=0)
    edited = fact("perceived", 90, value=1, replaces_id=first.id)

    assert assessed(90, first, edited).warmth == 2


def test_warmth_never_reads_minus_nothing() -> None:
    found = assessed(0, fact("event", 0, standing="shown"))

    assert str(found.warmth) == "0.0"


@pytest.mark.parametrize(
    ("day", "direction"),
    [(0, Direction.WARMING), (89, Direction.WARMING), (135, Direction.STEADY)],
)
def test_one_purchase_warms_and_then_rests(day: int, direction: Direction) -> None:
    assert assessed(day, purchase(0)).direction == direction


def test_silence_reads_cooling_only_after_one_and_a_half_rhythms() -> None:
    assert assessed(135, purchase(0)).direction == Direction.STEADY
    assert assessed(136, purchase(0)).direction == Direction.COOLING


def test_quiet_is_below_one_both_now_and_one_rhythm_ago() -> None:
    # 3 halves to just under 1 after 143 days.
    assert assessed(142 + 90, purchase(0)).direction == Direction.COOLING
    assert assessed(143 + 90, purchase(0)).direction == Direction.QUIET


def test_a_bad_fact_cools_at_once() -> None:
    assert assessed(95, purchase(0), fact("complaint", 95)).direction == Direction.COOLING


@pytest.mark.parametrize(("age", "direction"), [(89, "cooling"), (90, "steady")])
def test_the_last_rhythm_ends_with_the_day_it_is_compared_with(age: int, direction: str) -> None:
    # Much warmth long ago, a late purchase, and one small bad fact of that age.
    warm = [fact("event", -60) for _ in range(9)]
    settings = RuleSettings(weight_dissatisfied=-0.01)
    bad = fact("perceived", 100 - age, value=-1)

    found = assessed(100, *warm, purchase(5), bad, settings=settings)

    assert found.direction == direction


def test_without_purchases_silence_may_cool() -> None:
    assert assessed(90, fact("event", 0)).direction == Direction.COOLING


@pytest.mark.parametrize(("rhythm", "compared"), [(40.5, 41), (40.25, 40), (41.5, 42)])
def test_one_rhythm_earlier_is_in_whole_days_halves_up(rhythm: float, compared: int) -> None:
    yardstick = Yardstick(rhythm_days=rhythm)

    # The day before the first fact there was no warmth: up to then the change is a rise.
    assert assessed(compared - 1, fact("event", 0), yardstick=yardstick).direction == "warming"
    assert assessed(compared, fact("event", 0), yardstick=yardstick).direction == "cooling"


@pytest.mark.parametrize(
    ("weight", "direction"),
    [(0.57, "steady"), (0.58, "warming"), (0.28, "steady"), (0.27, "cooling")],
)
def test_a_change_of_up_to_fifteen_hundredths_is_none(weight: float, direction: str) -> None:
    # Of the act 0.4204 are left and 0.8409 were there 40 days before; the score adds the rest.
    settings = RuleSettings(weight_act=1, weight_nps=weight, quiet_below=0.1)
    yardstick = Yardstick(rhythm_days=40)

    found = assessed(
        50, fact("event", 0), fact("nps", 50, value=9), settings=settings, yardstick=yardstick
    )

    assert found.direction == direction


def test_a_change_is_measured_against_one_at_least() -> None:
    settings = RuleSettings(weight_act=0.2, weight_nps=0.2, quiet_below=0.1)

    # From 0.1 to 0.25: more than double, and yet a change of 0.15 only.
    found = assessed(90, fact("event", -90), fact("nps", 90, value=9), settings=settings)

    assert found.direction == Direction.STEADY


def test_cooled_at_is_the_first_day_of_the_run_with_the_last_fact_before_it() -> None:
    order, complaint = purchase(0), fact("complaint", 95)

    by_silence = assessed(150, order)
    by_complaint = assessed(97, order, complaint)

    assert by_silence.cooling is not None
    assert (by_silence.cooling.since_on, by_silence.cooling.after) == (on(136), order.ref)
    assert by_complaint.cooling is not None
    assert (by_complaint.cooling.since_on, by_complaint.cooling.after) == (
        on(95),
        complaint.ref,
    )


def test_who_does_not_cool_has_no_such_day() -> None:
    assert assessed(0, purchase(0)).cooling is None


def test_a_cancelled_purchase_warms_until_it_is_cancelled() -> None:
    order = purchase(0, status="cancelled", voided_at=at(90))

    assert assessed(89, order).warmth > 1.5
    assert assessed(90, order).warmth == 0


@pytest.mark.parametrize(
    ("day", "things", "turn_on"),
    [
        # Warming until the stride no longer reaches back before the order, then steady as long
        # as silence says nothing, then cooling until it was below 1 a rhythm before.
        (0, [purchase(0)], 90),
        (90, [purchase(0)], 136),
        (136, [purchase(0)], 233),
        (233, [purchase(0)], None),
        (0, [fact("perceived", 0, value=-1)], 366),  # quiet; the balance leaves the window
        (366, [fact("perceived", 0, value=-1)], None),
    ],
)
def test_turn_on_is_the_day_direction_or_balance_differs(
    day: int, things: Things, turn_on: int | None
) -> None:
    expected = None if turn_on is None else on(turn_on)

    assert assessed(day, *things).turn_on == expected


def test_a_shop_that_calls_nothing_quiet_has_no_turn_to_wait_for() -> None:
    settings = RuleSettings(quiet_below=0)

    assert assessed(400, purchase(0), settings=settings).turn_on is None
