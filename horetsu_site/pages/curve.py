"""The curve of a relationship's warmth over the last year, with what moved it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.figures import charts
from crm.figures.charts import Chart, Event
from crm.ledger.enums import Kind
from crm.stages.enums import Direction
from crm.stages.labels import DIRECTIONS
from crm.stages.reading import Reading
from crm.stages.signs import Sign
from crm.stages.warmth import PLACES

YEAR = timedelta(days=365)
ONE_DAY = timedelta(days=1)

#: A rise is drawn over so many days at most, so that the eye can follow it.
EASED_OVER = 16

Weights = Sequence[tuple[Sign, float]]  # each fact that weighs anything
Warmth = Callable[[date], float]  # at the end of a day


def as_told(weights: Weights, *, rhythm_days: float) -> Warmth:
    """The warmth by what is known today: of the past it leaves out what was corrected since.

    One reading is enough for it, however long the history; for today it is exact.
    """
    by_day: dict[date, float] = defaultdict(float)
    for sign, weight in weights:
        by_day[sign.on] += weight
    summed: dict[date, float] = {}
    before: date | None = None
    for day in sorted(by_day):
        faded = _faded(summed[before], (day - before).days, rhythm_days) if before else 0.0
        summed[day] = faded + by_day[day]
        before = day
    days = list(summed)

    def on(day: date) -> float:
        place = bisect_right(days, day) - 1
        if place < 0:
            return 0.0
        faded = _faded(summed[days[place]], (day - days[place]).days, rhythm_days)
        return round(faded, PLACES) + 0.0  # no -0.0

    return on


def curve_of(
    warmth: Warmth,
    reading: Reading,
    weights: Weights,
    *,
    news: Sequence[date],
    rhythm_days: float,
    direction: Direction,
    as_of: date,
) -> Chart:
    """Day by day, up to a year. A rise begins on its day, one of `news`, and is drawn as a slope;
    today's value is exact."""
    start = max(as_of - YEAR, news[0])
    lag = _lag(warmth, [day for day in news if start <= day], rhythm_days, as_of)

    def drawn(day: date) -> float:
        return warmth(day) - lag.get(day, 0.0)

    days = [start + timedelta(days=number) for number in range((as_of - start).days + 1)]
    says = _("The warmth of this relationship over the last year. Now: %(direction)s.") % {
        "direction": DIRECTIONS[direction]
    }
    events = [
        Event(on, drawn(on), what, is_words)
        for on, what, is_words in _events(reading, weights)
        if on >= start
    ]
    curve = [(day, round(drawn(day), 3)) for day in days]
    return charts.warmth("warmth", says=says, curve=curve, events=events)


def _lag(
    warmth: Warmth, news: Sequence[date], rhythm_days: float, as_of: date
) -> dict[date, float]:
    """By how much the picture stays below the warmth of a day: what is still to rise."""
    lag: dict[date, float] = defaultdict(float)
    for day in news:
        by = warmth(day) - _faded(warmth(day - ONE_DAY), 1, rhythm_days)
        over = min(EASED_OVER, (as_of - day).days)
        for age in range(over):
            done = age / over
            eased = done * done * (3 - 2 * done)
            lag[day + timedelta(days=age)] += _faded(by, age, rhythm_days) * (1 - eased)
    return lag


def _faded(value: float, days: int, rhythm_days: float) -> float:
    return float(value * 2 ** (-days / rhythm_days))


def _events(reading: Reading, weights: Weights) -> Iterator[tuple[date, str | Promise, bool]]:
    """Every fact that moves the curve: its day, what it was, whether it came in words."""
    kinds = {entry.fact.ref: Kind(entry.fact.kind) for entry in reading.entries}
    for sign, _weight in weights:
        kind = kinds.get(sign.refs[0])
        yield sign.on, kind.label if kind else _("Purchase"), kind is not None
