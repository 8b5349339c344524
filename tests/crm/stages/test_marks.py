import pytest

from crm.stages.enums import Mark, Stage
from crm.stages.facts import Fact, Purchase
from crm.stages.yardsticks import Yardstick
from tests.crm.stages.builders import assessed, fact, letter, on, pair, purchase

SHARE = {"is_public": True}


def _regular(until: int) -> list[Purchase]:
    """Somebody who buys every forty days, five times up to that day."""
    return [purchase(day) for day in range(until - 160, until + 1, 40)]


def _marks(day: int, *things: Purchase | Fact, **kwargs: Yardstick) -> tuple[Mark, ...]:
    return assessed(day, *things, **kwargs).marks


def test_stalled_is_who_stays_longer_than_ninety_days() -> None:
    assert Mark.STALLED not in _marks(90, purchase(0))
    assert Mark.STALLED in _marks(91, purchase(0))


def test_stalled_is_measured_by_the_shops_own_stays() -> None:
    yardstick = Yardstick(dwell_days=(None, 20.5, None, None))
    orders = [purchase(0), purchase(1)]

    assert Mark.STALLED not in _marks(21, *orders, yardstick=yardstick)
    assert Mark.STALLED in _marks(22, *orders, yardstick=yardstick)


def test_nobody_stalls_at_circulation() -> None:
    fan = [purchase(0), fact("share", 0, **SHARE), fact("share", 30, **SHARE)]

    assert assessed(300, *fan).stage == Stage.CIRCULATION
    assert Mark.STALLED not in _marks(300, *fan)


def test_who_never_bought_does_not_stall() -> None:
    assert Mark.STALLED not in _marks(300, letter(0))


def test_the_dormant_do_not_stall() -> None:
    assert _marks(731, purchase(0)) == (Mark.DORMANT,)
    assert _marks(730, purchase(0)) == (Mark.STALLED,)


def test_a_quiet_regular_does_not_stall() -> None:
    found = assessed(200, *_regular(until=200))

    assert found.stage_since == on(80)
    assert found.marks == (Mark.QUIET_REGULAR,)


def test_who_never_bought_is_not_dormant() -> None:
    assert Mark.DORMANT not in _marks(1000, letter(0))


def test_dormant_is_who_has_not_bought_for_730_days() -> None:
    orders = [purchase(0), purchase(500, status="cancelled")]

    assert Mark.DORMANT not in _marks(730, *orders)
    assert Mark.DORMANT in _marks(731, *orders)


def test_a_quiet_regular_has_five_days_of_buying_and_is_within_two_rhythms() -> None:
    regular = _regular(until=200)

    assert Mark.QUIET_REGULAR in _marks(280, *regular)
    assert Mark.QUIET_REGULAR not in _marks(281, *regular)
    assert Mark.QUIET_REGULAR not in _marks(200, *regular[1:])


def test_a_regular_who_speaks_up_is_not_a_quiet_one() -> None:
    assert Mark.QUIET_REGULAR not in _marks(200, *_regular(until=200), letter(199))


def test_about_to_lapse_is_within_sixty_days_of_falling() -> None:
    falls = 20 + 546

    assert Mark.ABOUT_TO_LAPSE not in _marks(falls - 61, letter(20))
    assert Mark.ABOUT_TO_LAPSE in _marks(falls - 60, letter(20))
    assert Mark.ABOUT_TO_LAPSE in _marks(falls - 1, letter(20))
    assert Mark.ABOUT_TO_LAPSE not in _marks(falls, letter(20))


def test_about_to_rise_is_not_about_to_lapse() -> None:
    bad = fact("perceived", 1, value=-1)
    found = assessed(500, purchase(0), fact("event", 290), bad)

    assert found.review_on == on(546)
    assert Mark.ABOUT_TO_LAPSE not in found.marks


def test_recovery_first_stands_before_every_other_mark() -> None:
    bad = fact("perceived", 5, value=-1)

    assert _marks(100, purchase(0), bad) == (Mark.RECOVERY_FIRST, Mark.STALLED)


@pytest.mark.parametrize(
    ("day", "things", "remark_on"),
    [
        (0, [purchase(0)], 91),  # stalled
        (91, [purchase(0)], 731),  # dormant
        (731, [purchase(0)], None),
        (200, _regular(until=200), 281),  # no quiet regular any more
        (20, [letter(20)], 20 + 546 - 60),  # about to lapse
        (530, [letter(20)], 20 + 546),
        (5, [fact("perceived", 5, value=-1)], 5 + 545),  # no recovery first any more
        (5, [fact("complaint", 5)], None),
    ],
)
def test_remark_on_is_the_day_a_mark_differs(
    day: int, things: list[Purchase | Fact], remark_on: int | None
) -> None:
    expected = None if remark_on is None else on(remark_on)

    assert assessed(day, *things).remark_on == expected


def test_a_pair_below_the_band_puts_recovery_first() -> None:
    order = purchase(0)

    assert Mark.RECOVERY_FIRST in _marks(5, order, *pair(5, order, 8, 2))
