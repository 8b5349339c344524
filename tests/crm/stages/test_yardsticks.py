from collections.abc import Iterable
from random import Random

from crm.stages.enums import Stage
from crm.stages.facts import Fact, Purchase
from crm.stages.replay import Replay, replay
from crm.stages.rule_settings import RuleSettings
from crm.stages.yardsticks import Yardstick, measuring_day, yardstick
from tests.crm.stages.builders import SETTINGS, TOKYO, fact, history, letter, on, purchase


def _replayed(*things: Purchase | Fact, day: int = 400) -> Replay:
    found = replay(history(*things), zone=TOKYO, settings=SETTINGS, as_of=on(day))
    assert found is not None
    return found


def _rising_after(days: Iterable[int]) -> list[Replay]:
    return [_replayed(purchase(0), purchase(after)) for after in days]


def test_a_shop_without_customers_has_no_figures() -> None:
    assert yardstick([], settings=SETTINGS) == Yardstick()


def test_the_shops_rhythm_is_the_median_of_own_medians() -> None:
    people = [
        _replayed(purchase(0), purchase(10), purchase(30)),  # 15, not yet 30
        _replayed(purchase(0), purchase(40), purchase(80)),  # 40
        _replayed(purchase(0), purchase(300)),  # none of its own
    ]

    assert yardstick(people, settings=SETTINGS).rhythm_days == 27.5


def test_the_cut_points_are_of_customers_with_orders() -> None:
    people = [_replayed(purchase(day * 10, total=100 * day)) for day in range(1, 7)]
    people.append(_replayed(fact("event", 0)))

    found = yardstick(people, settings=SETTINGS)

    assert found.recency_cuts == (350, 360, 370, 380)
    assert found.orders_cuts == (1, 1, 1, 1)
    assert found.spent_cuts == (200, 300, 400, 500)


def test_dwelling_needs_twenty_stays_that_ended_in_a_rise() -> None:
    assert yardstick(_rising_after(range(1, 20)), settings=SETTINGS).dwell_days[0] is None
    assert yardstick(_rising_after(range(1, 21)), settings=SETTINGS).dwell_days[0] == 15.25


def test_a_stay_that_ended_in_a_fall_does_not_measure_dwelling() -> None:
    fallen = [_replayed(letter(0), day=600) for _ in range(30)]

    assert yardstick(fallen, settings=SETTINGS).dwell_days == (None,) * 4


def test_an_unfinished_stay_does_not_measure_dwelling() -> None:
    assert yardstick([_replayed(purchase(0))] * 30, settings=SETTINGS).dwell_days[0] is None


def test_each_stage_has_its_own_dwelling() -> None:
    risers = [_replayed(letter(0), fact("event", 20), fact("event", 40)) for _ in range(20)]

    found = yardstick(risers, settings=SETTINGS)

    assert found.dwell_days == (None, None, 40, None)
    assert found.dwell_in(Stage.EMPATHY, SETTINGS) == 40
    assert found.dwell_in(Stage.LANDING, SETTINGS) == 90


def test_the_order_of_customers_does_not_matter() -> None:
    people = [*_rising_after(range(3, 40, 2)), *_rising_after(range(3, 40, 3))]
    shuffled = people.copy()
    Random(1).shuffle(shuffled)

    assert yardstick(shuffled, settings=SETTINGS) == yardstick(people, settings=SETTINGS)


def test_a_shop_is_measured_to_the_end_of_a_completed_day() -> None:
    assert measuring_day(on(5), today=on(9)) == on(5)
    assert measuring_day(on(9), today=on(9)) == on(8)
    assert measuring_day(on(20), today=on(9)) == on(8)


def test_how_many_stays_are_needed_is_a_setting() -> None:
    settings = RuleSettings(stalled_from_stays=1)

    assert yardstick(_rising_after([8]), settings=settings).dwell_days[0] == 8
