"""The warmth of a relationship (関係の温度) and where it is going (stages.md, section 5)."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from crm.stages.enums import Direction
from crm.stages.reading import Reader
from crm.stages.rule_settings import RuleSettings
from crm.stages.timeline import NEVER, plus
from crm.stages.weights import weigh

PLACES = 9


@dataclass(frozen=True, slots=True)
class Cooling:
    """The present run of cooling: its first day, and the last fact on or before it."""

    since_on: date
    after: str


@dataclass(frozen=True, slots=True)
class _News:
    """What a day with news means for the curve, up to the next."""

    warmth: float
    last_purchase_on: date | None
    last_bad_on: date | None  # the last fact that weighs against


class Warmth:
    """The curve of one person, with one rhythm for the whole of it."""

    def __init__(self, reader: Reader, *, rhythm_days: float, settings: RuleSettings) -> None:
        self.reader = reader
        self.rhythm_days = rhythm_days
        self.settings = settings
        self._days = reader.known.days
        self._news: dict[int, _News] = {}

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
        return round(self._news_at(place).warmth * faded, PLACES) + 0.0  # no -0.0

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

    def turns_on(self, day: date) -> date | None:
        """The first later day on which the direction differs if nothing more happens; None if
        it never does."""
        present = self.direction_on(day)
        settled = max(plus(day, self.stride.days), self._silence_ends_on(day))
        while day < settled:
            day = plus(day, 1)
            if self.direction_on(day) is not present:
                return day
        # From here on every stride looks like the one before, but smaller, down to quiet.
        if present is Direction.QUIET:
            return None
        step = 1
        while self.direction_on(plus(day, step)) is present:
            if plus(day, step) == NEVER:
                return None
            step *= 2
        first, last = step // 2, step  # it still is the same so many days later, and then not
        while last - first > 1:
            middle = (first + last) // 2
            is_same = self.direction_on(plus(day, middle)) is present
            first, last = (middle, last) if is_same else (first, middle)
        return plus(day, last)

    def cooling_on(self, day: date) -> Cooling | None:
        """The run of cooling this day is part of; None when it is not cooling."""
        since = None
        while day >= self._days[0] and self.direction_on(day) is Direction.COOLING:
            since = day
            day -= timedelta(days=1)
        return Cooling(since, self.reader.last_fact(since)) if since else None

    def _silence_ends_on(self, day: date) -> date:
        """The first day from which silence is no excuse any more."""
        last_on = self._news_at(self._place(day)).last_purchase_on
        if last_on is None:
            return day
        return plus(last_on, math.floor(self.settings.silence_rhythms * self.rhythm_days) + 1)

    def _is_mere_silence(self, day: date) -> bool:
        """Whether the last purchase is recent, and nothing bad was said since the stride began."""
        news = self._news_at(self._place(day))
        if news.last_purchase_on is None:
            return False
        recency_days = (day - news.last_purchase_on).days
        is_recent = recency_days <= self.settings.silence_rhythms * self.rhythm_days
        return is_recent and not (news.last_bad_on and day - self.stride < news.last_bad_on)

    def _news_at(self, place: int) -> "_News":
        if place not in self._news:
            reading = self.reader.read(self._days[place])
            weights = weigh(reading, settings=self.settings)
            last = reading.last_purchase
            self._news[place] = _News(
                warmth=math.fsum(
                    weight * self._faded((reading.day - sign.on).days) for sign, weight in weights
                ),
                last_purchase_on=last.on if last else None,
                last_bad_on=max((sign.on for sign, weight in weights if weight < 0), default=None),
            )
        return self._news[place]

    def _faded(self, days: int) -> float:
        return float(2 ** (-days / self.rhythm_days))

    def _place(self, day: date) -> int:
        """The reading that holds on the day; -1 before the first."""
        return bisect_right(self._days, day) - 1
