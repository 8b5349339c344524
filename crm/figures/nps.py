"""The Net Promoter Score with what it leaves uncertain: pure, from three counts.

Points from -100 to 100; intervals hold the true value in 95 of 100 samples.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple, Self

Z95 = NormalDist().inv_cdf(0.975)

#: From how many answers on a score is shown at all, and from how many it is more than a hint.
#: At 60 answers of the usual spread the interval reaches 20 points to either side.
SHOWN_FROM = 10
FIRM_FROM = 60


class Interval(NamedTuple):
    low: float
    high: float


class Readability(StrEnum):
    """How much a reader may make of a figure."""

    TOO_FEW = "too_few"  # まだ読み取れません: show the answers themselves, no score
    HINT = "hint"  # 参考
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Nps:
    """Answers to the one question, counted: 9-10 promoters, 7-8 passives, 0-6 detractors."""

    promoters: int
    passives: int
    detractors: int

    @classmethod
    def of(cls, scores: Iterable[int]) -> Self:
        """The counts of these scores, each from 0 to 10."""
        counts = [0, 0, 0]
        for score in scores:
            counts[0 if score >= 9 else 1 if score >= 7 else 2] += 1
        return cls(*counts)

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float | None:
        """Percent of promoters less percent of detractors; None of nobody."""
        return 100 * (self.promoters - self.detractors) / self.n if self.n else None

    @property
    def rounded(self) -> int | None:
        """The score in whole points, halves away from zero; from the counts, so exact."""
        if not self.n:
            return None
        difference = self.promoters - self.detractors
        points = (200 * abs(difference) + self.n) // (2 * self.n)
        return points if difference >= 0 else -points

    @property
    def interval(self) -> Interval:
        """Where the score of everybody may lie: the adjusted Wald interval, never off the scale.

        With 3/4 of a promoter, 1 1/2 passives and 3/4 of a detractor added, for the plain
        interval claims certainty where all answers agree (Rocks 2016; Lewis and Sauro 2021
        found it the best of three). The score lies off its centre, and outside at n = 1.
        """
        centre, error = self.adjusted
        return Interval(max(-100.0, centre - Z95 * error), min(100.0, centre + Z95 * error))

    @property
    def adjusted(self) -> "Estimate":
        return estimate(self.promoters + 0.75, self.detractors + 0.75, self.n + 3)

    @property
    def is_readable(self) -> bool:
        """Whether there are enough answers for the score to be shown at all."""
        return self.n >= SHOWN_FROM

    @property
    def readability(self) -> Readability:
        if not self.is_readable:
            return Readability.TOO_FEW
        return Readability.HINT if self.n < FIRM_FROM else Readability.FIRM


class Estimate(NamedTuple):
    """A score and its standard error, both in points."""

    centre: float
    error: float


def estimate(promoters: float, detractors: float, n: float) -> Estimate:
    """The score of a sample, n > 0. An answer is worth 1, 0 or -1, and varies as such: taking
    the two shares for independent of each other would say too little of the error."""
    p, d = promoters / n, detractors / n
    return Estimate(100 * (p - d), 100 * sqrt(max(0.0, p + d - (p - d) ** 2) / n))


@dataclass(frozen=True, slots=True)
class Change:
    """From one score to another, of different people: in points, and how likely by chance."""

    points: float
    interval: Interval
    z: float
    p: float

    @property
    def is_clear(self) -> bool:
        """Whether chance alone would bring it about in fewer than 5 of 100 cases."""
        return self.p < 0.05


def change(before: Nps, after: Nps) -> Change:
    """What changed, of the adjusted scores. Not for the same people asked twice."""
    old, new = before.adjusted, after.adjusted
    points, error = new.centre - old.centre, sqrt(old.error**2 + new.error**2)
    z = points / error
    return Change(
        points=points,
        interval=Interval(points - Z95 * error, points + Z95 * error),
        z=z,
        p=2 * (1 - NormalDist().cdf(abs(z))),
    )
