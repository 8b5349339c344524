"""The figures of others: nps_edge_cases.json, and worked examples of published inputs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.figures.nps import Z95, Nps, Readability, change, estimate

CASES = json.loads(
    (Path(__file__).parents[2] / "data" / "nps_edge_cases.json").read_text(encoding="utf-8")
)
ANSWERED = {name: case for name, case in CASES.items() if case["n"]}
TO_THE_POINT = 0.01

counts = st.integers(min_value=0, max_value=300)


def nps_of(case) -> Nps:
    return Nps(case["promoters"], case["passives"], case["detractors"])


@pytest.mark.parametrize("case", ANSWERED.values(), ids=ANSWERED.keys())
def test_a_score_and_its_plain_interval_are_the_published_ones(case):
    nps = nps_of(case)
    centre, error = estimate(nps.promoters, nps.detractors, nps.n)

    assert nps.n == case["n"]
    assert nps.score == pytest.approx(case["nps"])
    assert centre == pytest.approx(case["nps"])
    assert error == pytest.approx(case["se_points"])
    assert Z95 * error == pytest.approx(case["moe95_points"])
    assert centre - Z95 * error == pytest.approx(case["wald95_low"])
    assert centre + Z95 * error == pytest.approx(case["wald95_high"])
    assert (error / 100) ** 2 * nps.n == pytest.approx(case["variance_unit"])


@pytest.mark.parametrize("case", ANSWERED.values(), ids=ANSWERED.keys())
def test_the_interval_is_the_adjusted_one_and_stays_on_the_scale(case):
    nps = nps_of(case)

    assert nps.adjusted.centre == pytest.approx(case["adjwald_nps"])
    assert nps.interval.low == pytest.approx(max(-100, case["adjwald95_low"]))
    assert nps.interval.high == pytest.approx(min(100, case["adjwald95_high"]))


def test_nobody_has_no_score():
    nps = nps_of(CASES["none"])

    assert nps.score is CASES["none"]["nps"] is None
    assert nps.rounded is None
    assert nps.readability is Readability.TOO_FEW


@pytest.mark.parametrize(
    ("nps", "score", "centre", "low", "high"),
    [
        pytest.param(Nps(60, 40, 20), 33.3333, 32.5203, 19.3328, 45.7078, id="1"),
        pytest.param(Nps(250, 675, 75), 17.5, 17.4477, 14.0859, 20.8094, id="2"),
        pytest.param(Nps(9, 0, 2), 63.6364, 50.0, 8.0008, 91.9992, id="3a"),
        pytest.param(Nps(5, 0, 0), 100, 62.5, 17.4915, 100, id="3b"),
        pytest.param(Nps(0, 0, 1), -100, -25.0, -98.4986, 48.4986, id="3c"),
        pytest.param(Nps(0, 10, 0), 0, 0, -18.4650, 18.4650, id="3d"),
        pytest.param(Nps(5, 15, 20), -37.5, -34.8837, -55.9039, -13.8635, id="3e"),
    ],
)
def test_the_worked_examples_come_out(nps, score, centre, low, high):
    assert nps.score == pytest.approx(score, abs=TO_THE_POINT)
    assert nps.adjusted.centre == pytest.approx(centre, abs=TO_THE_POINT)
    assert nps.interval == pytest.approx((low, high), abs=TO_THE_POINT)


def test_scores_are_counted_by_the_three_kinds():
    nps = Nps.of([1, 8, 8, 10, 5, 9])

    assert nps == Nps(promoters=2, passives=2, detractors=2)
    assert Nps.of(range(11)) == Nps(promoters=2, passives=2, detractors=7)
    assert estimate(2, 2, 6).error == pytest.approx(33.3333, abs=TO_THE_POINT)


def test_a_rise_may_look_large_and_still_be_chance():
    rise = change(Nps(90, 60, 50), Nps(130, 75, 45))

    assert rise.points == pytest.approx(13.8924, abs=TO_THE_POINT)
    assert rise.interval == pytest.approx((-0.7139, 28.4987), abs=TO_THE_POINT)
    assert rise.z == pytest.approx(1.8642, abs=0.0001)
    assert rise.p == pytest.approx(0.0623, abs=0.0001)
    assert not rise.is_clear


def test_a_rise_that_chance_would_hardly_bring_about_is_clear():
    assert change(Nps(90, 60, 50), Nps(180, 25, 45)).is_clear


@pytest.mark.parametrize(
    ("nps", "shown"),
    [
        (Nps(1, 7, 0), 13),  # 12.5
        (Nps(0, 7, 1), -13),
        (Nps(1, 1, 1), 0),
        (Nps(37, 33, 1), 51),  # 50.7, though the rounded parts say 52 - 1
        (Nps(0, 1, 0), 0),
    ],
)
def test_halves_are_rounded_away_from_zero(nps, shown):
    assert nps.rounded == shown


@pytest.mark.parametrize(
    ("n", "readability"),
    [
        (9, Readability.TOO_FEW),
        (10, Readability.HINT),
        (59, Readability.HINT),
        (60, Readability.FIRM),
    ],
)
def test_a_score_of_few_is_not_read_and_one_of_some_is_a_hint(n, readability):
    assert Nps(n, 0, 0).readability is readability


@given(counts, counts, counts)
def test_an_interval_stays_on_the_scale_and_mirrors_when_friends_and_critics_swap(p, a, d):
    nps, mirrored = Nps(p, a, d), Nps(d, a, p)

    assert -100 <= nps.interval.low < nps.interval.high <= 100
    assert (-mirrored.interval.high, -mirrored.interval.low) == pytest.approx(nps.interval)
    if nps.n > 1:
        assert nps.interval.low <= nps.score <= nps.interval.high


@given(counts, counts, counts)
def test_twice_the_answers_leave_less_uncertain(p, a, d):
    once, twice = Nps(p, a, d), Nps(2 * p, 2 * a, 2 * d)

    if once.n:
        assert twice.adjusted.error < once.adjusted.error
