"""The days a page of figures looks at, on the shop's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

#: What a page offers: a month, a quarter, a year.
PERIODS = (30, 90, 365)
USUAL = 90

#: How long after an answer its outcomes are looked for.
FOLLOWED_DAYS = 90

YEAR = 365
MONTHS_SHOWN = 12


class Span(NamedTuple):
    """Moments from `start` to just before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Period:
    """So many days of the shop, the last of them `until_on`."""

    until_on: date
    days: int
    zone: ZoneInfo

    @property
    def before_on(self) -> date:
        """The day before the first."""
        return self.until_on - timedelta(days=self.days)

    @property
    def span(self) -> Span:
        return self.span_of(self.days)

    @property
    def end(self) -> datetime:
        return self._midnight_after(self.until_on)

    def span_of(self, days: int, *, until_on: date | None = None) -> Span:
        """So many days up to the end of `until_on`, or of the period."""
        last = until_on or self.until_on
        return Span(self._midnight_after(last - timedelta(days=days)), self._midnight_after(last))

    @property
    def followed(self) -> Span:
        """A year of answers that were given long enough ago for us to know what followed."""
        return self.span_of(YEAR, until_on=self.until_on - timedelta(days=FOLLOWED_DAYS))

    @property
    def month_ends(self) -> list[date]:
        """The last days of the eleven months before, and the last day of the period."""
        ends = [self.until_on]
        while len(ends) < MONTHS_SHOWN:
            ends.append(ends[-1].replace(day=1) - timedelta(days=1))
        return ends[::-1]

    def _midnight_after(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), self.zone)
