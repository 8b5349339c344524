"""Recency, frequency, monetary: scores from 1 to 5, 5 best (stages.md, section 6)."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from crm.stages.rule_settings import Cuts

_QUINTILES = (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5))


@dataclass(frozen=True, slots=True)
class Scores:
    recency: int
    frequency: int
    monetary: int


def scores(*, recency_days: int, orders: int, spent: int, cuts: tuple[Cuts, Cuts, Cuts]) -> Scores:
    """The scores of a customer with at least one order; equal customers share them."""
    recency_cuts, orders_cuts, spent_cuts = cuts
    return Scores(
        recency=5 - _cuts_below(recency_days, recency_cuts),
        frequency=1 + _cuts_below(orders, orders_cuts),
        monetary=1 + _cuts_below(spent, spent_cuts),
    )


def quintile_cuts(values: Sequence[float]) -> Cuts:
    """The 20, 40, 60 and 80 % quantiles of at least one value."""
    ordered = sorted(values)
    first, second, third, fourth = (quantile(ordered, share) for share in _QUINTILES)
    return (first, second, third, fourth)


def quantile(ordered: Sequence[float], share: Fraction) -> float:
    """The quantile of ascending values with linear interpolation (type 7).

    The same as `percentile_cont` (Hyndman & Fan 1996). The place is exact, so that a
    quantile that falls on a value is that value.
    """
    place = share * (len(ordered) - 1)
    below = int(place)
    if below == place:
        return float(ordered[below])
    return float(ordered[below] + (ordered[below + 1] - ordered[below]) * float(place - below))


def _cuts_below(value: float, cuts: Cuts) -> int:
    """How many cut points lie strictly below the value."""
    return bisect_left(cuts, value)
