from fractions import Fraction

import pytest

from crm.stages.rfm import Scores, quantile, quintile_cuts, scores
from crm.stages.rule_settings import RuleSettings
from crm.stages.yardsticks import Yardstick
from tests.crm.stages.builders import assessed, fact, purchase

CUTS = ((10.0, 20.0, 30.0, 40.0), (1.0, 1.0, 2.0, 4.0), (100.0, 200.0, 300.0, 400.0))


@pytest.mark.parametrize(
    ("recency_days", "score"), [(0, 5), (10, 5), (11, 4), (20, 4), (40, 2), (41, 1)]
)
def test_recency_is_better_the_shorter(recency_days: int, score: int) -> None:
    found = scores(recency_days=recency_days, orders=1, spent=0, cuts=CUTS)

    assert found.recency == score


@pytest.mark.parametrize(("orders", "score"), [(1, 1), (2, 3), (3, 4), (4, 4), (5, 5)])
def test_frequency_is_one_more_than_the_cuts_strictly_below(orders: int, score: int) -> None:
    found = scores(recency_days=0, orders=orders, spent=0, cuts=CUTS)

    assert found.frequency == score


@pytest.mark.parametrize(("spent", "score"), [(0, 1), (100, 1), (101, 2), (400, 4), (401, 5)])
def test_monetary_is_one_more_than_the_cuts_strictly_below(spent: int, score: int) -> None:
    assert scores(recency_days=0, orders=1, spent=spent, cuts=CUTS).monetary == score


def test_a_quantile_interpolates_between_two_values() -> None:
    # Hyndman and Fan's type 7, as numpy.percentile and percentile_cont give it.
    assert quantile([1, 2, 3, 4], Fraction(1, 2)) == 2.5
    assert quantile([1, 2, 3, 4], Fraction(3, 4)) == 3.25
    assert quantile([10, 20], Fraction(1, 5)) == 12
    assert quantile([7], Fraction(4, 5)) == 7


def test_a_quantile_that_falls_on_a_value_is_that_value() -> None:
    values = list(range(0, 36 * 7, 7))

    assert quantile(values, Fraction(3, 5)) == values[21]


def test_cut_points_are_the_fifths_in_any_order() -> None:
    assert quintile_cuts([50, 10, 40, 20, 30, 0]) == (10, 20, 30, 40)


def test_a_customer_without_orders_has_no_scores() -> None:
    yardstick = Yardstick(None, *CUTS)

    assert assessed(0, fact("event", 0), yardstick=yardstick).scores is None
    assert assessed(0, purchase(0, total=150), yardstick=yardstick).scores == Scores(5, 1, 2)


def test_without_a_yardstick_nobody_is_scored() -> None:
    assert assessed(0, purchase(0)).scores is None


def test_a_shop_may_fix_its_cut_points() -> None:
    settings = RuleSettings(spent_cuts=(1.0, 2.0, 3.0, 4.0))
    yardstick = Yardstick(None, *CUTS)

    found = assessed(0, purchase(0, total=150), yardstick=yardstick, settings=settings)

    assert found.scores == Scores(5, 1, 5)
