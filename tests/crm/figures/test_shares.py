"""Shares and means against published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.figures.shares import Mean, Share, difference, t95


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        (Share(81, 263), 25.53, 36.62),  # Newcombe 1998, table I, method 3
        (Share(15, 148), 6.24, 16.05),
        (Share(0, 20), 0, 16.11),
        (Share(1, 29), 0.61, 17.18),
    ],
)
def test_a_share_has_the_published_interval(share, low, high):
    assert share.interval == pytest.approx((low, high), abs=0.005)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (Share(56, 70), Share(48, 80), 5.24, 33.39),  # Newcombe 1998, table II, method 10
        (Share(9, 10), Share(3, 10), 17.05, 80.90),
        (Share(10, 10), Share(0, 20), 67.91, 100.0),
    ],
)
def test_a_difference_has_the_published_interval(one, other, low, high):
    assert difference(one, other) == pytest.approx((low, high), abs=0.01)


def test_a_share_of_nobody_says_nothing():
    nobody = Share(0, 0)

    assert nobody.percent is None
    assert nobody.interval == (0, 100)
    assert difference(nobody, Share(1, 2)) == (-100, 100)


@pytest.mark.parametrize(("freedom", "value"), [(9, 2.262157), (29, 2.045230), (99, 1.984217)])
def test_students_t_is_the_one_of_the_tables(freedom, value):
    assert t95(freedom) == pytest.approx(value, abs=0.0001)


def test_a_mean_has_an_interval_from_ten_values_on():
    gap = Mean(10, -0.8, 1.75119)

    assert gap.interval == pytest.approx((-2.0527, 0.4527), abs=0.001)
    assert Mean(9, -0.8, 1.75119).interval is None
    assert Mean(0, None, None).interval is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(count, n):
    share = Share(min(count, n), n)

    low, high = share.interval
    assert 0 <= low <= share.percent + 1e-9
    assert share.percent - 1e-9 <= high <= 100
