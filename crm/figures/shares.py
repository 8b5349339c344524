"""Shares and means with what they leave uncertain: pure. Intervals hold the true value in 95 of
100 samples."""

from dataclasses import dataclass
from math import sqrt

from crm.figures.nps import SHOWN_FROM, Z95, Interval


@dataclass(frozen=True, slots=True)
class Share:
    """So many of n."""

    count: int
    n: int

    @property
    def is_readable(self) -> bool:
        return self.n >= SHOWN_FROM

    @property
    def percent(self) -> float | None:
        return 100 * self.count / self.n if self.n else None

    @property
    def interval(self) -> Interval:
        """In percent, by Wilson's score (1927): never empty and never off the scale, also where
        nobody did or everybody; from 0 to 100 of nobody."""
        if not self.n:
            return Interval(0.0, 100.0)
        share, z2 = self.count / self.n, Z95**2
        centre = (share + z2 / (2 * self.n)) / (1 + z2 / self.n)
        half = Z95 * sqrt(share * (1 - share) / self.n + z2 / (4 * self.n**2)) / (1 + z2 / self.n)
        return Interval(100 * max(0.0, centre - half), 100 * min(1.0, centre + half))


def difference(one: Share, other: Share) -> Interval:
    """How much larger `one` is, in percent points: Newcombe's hybrid of the two Wilson intervals
    (1998, method 10). It tells nothing when it holds 0, and all of -100 to 100 of nobody."""
    if one.percent is None or other.percent is None:
        return Interval(-100.0, 100.0)
    apart = one.percent - other.percent
    (low, high), (other_low, other_high) = one.interval, other.interval
    return Interval(
        apart - sqrt((one.percent - low) ** 2 + (other_high - other.percent) ** 2),
        apart + sqrt((high - one.percent) ** 2 + (other.percent - other_low) ** 2),
    )


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of n values whose standard deviation is `deviation`; None where there are none,
    and no deviation of one."""

    n: int
    mean: float | None
    deviation: float | None

    @property
    def is_readable(self) -> bool:
        return self.n >= SHOWN_FROM

    @property
    def interval(self) -> Interval | None:
        """By Student's t; None of too few values to be read."""
        if not self.is_readable or self.mean is None or self.deviation is None:
            return None
        half = t95(self.n - 1) * self.deviation / sqrt(self.n)
        return Interval(self.mean - half, self.mean + half)


def t95(freedom: int) -> float:
    """Student's t at 97.5 %, to four digits from nine degrees of freedom on (Abramowitz and
    Stegun, 26.7.5)."""
    z, v = Z95, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )
