"""The warmth of a relationship (関係の温度) and where it is going (stages.md, section 5)."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.stages.enums import Direction
from crm.stages.reading import Reading
from crm.stages.rule_settings import RuleSettings

PLACES = 9


@dataclass(frozen=True, slots=True)
class Cooling:
    """The present run of cooling: its first day, and the last fact on or before it."""

    since_on: date
    after: str


class Warmth:
    """The curve of one person, with one rhythm for the whole of it."""

    def __init__(
        self, readings: Sequence[Reading], *, rhythm_days: float, settings: RuleSettings
    ) -> None:
        self.readings = readings
        self.rhythm_days = rhythm_days
        self.settings = settings
        self._days = [reading.day for reading in readings]
        self._at_news: dict[int, float] = {}

    @property
    def stride(self) -> timedelta:
        """`L`: the rhythm in whole days, halves up."""
        return timedelta(days=math.floor(self.rhythm_days + 0.5))

    def on(self, day: date) -> float:
        """W at the end of the day, rounded to 9 places; 0 before the first fact."""
        place = self._place(day)
        if place < 0:
            return 0.0
        # Since the last news only time has passed: one factor for all facts alike.
        faded = self._faded((day - self._days[place]).days)
        return round(self._warmth_at_news(place) * faded, PLACES) + 0.0  # no -0.0

    def direction_on(self, day: date) -> Direction:
        """Where it goes at the end of the day, against one rhythm earlier."""
        now, before = self.on(day), self.on(day - self.stride)
        quiet = self.settings.quiet_below
        if now < quiet and before < quiet:
            return Direction.QUIET
        change = (now - before) / max(before, 1)
        if change > self.settings.direction_change:
            return Direction.WARMING
        if change < -self.settings.direction_change and not self._is_mere_silence(day):
            return Direction.COOLING
        return Direction.STEADY

    def cooling_on(self, day: date) -> Cooling | None:
        """The run of cooling this day is part of; None when it is not cooling."""
        since = None
        while day >= self._days[0] and self.direction_on(day) is Direction.COOLING:
            since = day
            day -= timedelta(days=1)
        return Cooling(since, self.readings[self._place(since)].latest) if since else None

    def _is_mere_silence(self, day: date) -> bool:
        """Whether the last purchase is recent, and nothing bad was said since the stride began."""
        reading = self.readings[self._place(day)]
        last = reading.last_purchase
        if last is None:
            return False
        is_recent = (day - last.on).days <= self.settings.silence_rhythms * self.rhythm_days
        return is_recent and not any(
            weight < 0 and day - self.stride < sign.on for sign, weight in reading.weights
        )

    def _warmth_at_news(self, place: int) -> float:
        if place not in self._at_news:
            reading = self.readings[place]
            self._at_news[place] = math.fsum(
                weight * self._faded((reading.day - sign.on).days)
                for sign, weight in reading.weights
            )
        return self._at_news[place]

    def _faded(self, days: int) -> float:
        return float(2 ** (-days / self.rhythm_days))

    def _place(self, day: date) -> int:
        """The reading that holds on the day; -1 before the first."""
        return bisect_right(self._days, day) - 1
