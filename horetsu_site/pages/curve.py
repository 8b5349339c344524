"""The curve of a relationship's warmth over the last year, with what moved it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.figures import charts
from crm.figures.charts import Chart, Event
from crm.ledger.enums import Kind
from crm.stages.labels import DIRECTIONS
from crm.stages.reading import Reading
from crm.stages.rule_settings import RuleSettings
from crm.stages.warmth import Warmth
from crm.stages.weights import weigh

YEAR = timedelta(days=365)
ONE_DAY = timedelta(days=1)

#: A rise is drawn over so many days at most, so that the eye can follow it.
EASED_OVER = 16
#: Days between two points of a curve that would take too long to draw in full.
ROUGH_STEP = 28


@dataclass(frozen=True)
class _Rise:
    """What the news of a day added, and over how many days the picture lets it rise."""

    on: date
    by: float
    over: int


def curve_of(warmth: Warmth, reading: Reading, *, as_of: date) -> Chart:
    """Day by day. A rise begins on its day and is drawn as a slope; today's value is exact."""
    start = max(as_of - YEAR, warmth.reader.known.days[0])
    rises = list(_rises(warmth, start, as_of))

    def drawn(day: date) -> float:
        return warmth.on(day) - sum(_still_to_rise(rise, day, warmth) for rise in rises)

    days = [start + timedelta(days=number) for number in range((as_of - start).days + 1)]
    events = [
        Event(on, drawn(on), what, is_words)
        for on, what, is_words in _events(reading, warmth.settings)
        if start <= on <= as_of
    ]
    return _chart(warmth, [(day, round(drawn(day), 3)) for day in days], events, as_of)


def rough_curve_of(warmth: Warmth, reading: Reading, *, as_of: date) -> Chart:
    """A point every four weeks, for somebody of whom very much is known."""
    start = max(as_of - YEAR, warmth.reader.known.days[0])
    steps = range(0, (as_of - start).days + 1, ROUGH_STEP)
    days = sorted(as_of - timedelta(days=back) for back in steps)
    return _chart(warmth, [(day, warmth.on(day)) for day in days], [], as_of)


def _chart(
    warmth: Warmth, curve: list[tuple[date, float]], events: list[Event], as_of: date
) -> Chart:
    says = _("The warmth of this relationship over the last year. Now: %(direction)s.") % {
        "direction": DIRECTIONS[warmth.direction_on(as_of)]
    }
    return charts.warmth("warmth", says=says, curve=curve, events=events)


def _rises(warmth: Warmth, start: date, as_of: date) -> Iterator[_Rise]:
    fading = 2 ** (-1 / warmth.rhythm_days)
    for day in warmth.reader.known.days:
        if start <= day <= as_of:
            by = warmth.on(day) - warmth.on(day - ONE_DAY) * fading
            yield _Rise(day, by, over=min(EASED_OVER, (as_of - day).days))


def _still_to_rise(rise: _Rise, day: date, warmth: Warmth) -> float:
    age = (day - rise.on).days
    if not 0 <= age < rise.over:
        return 0.0
    done = age / rise.over
    eased = done * done * (3 - 2 * done)
    return float(rise.by * 2 ** (-age / warmth.rhythm_days) * (1 - eased))


def _events(reading: Reading, settings: RuleSettings) -> Iterator[tuple[date, str | Promise, bool]]:
    """Every fact that moves the curve: its day, what it was, whether it came in words."""
    kinds = {entry.fact.ref: Kind(entry.fact.kind) for entry in reading.entries}
    for sign, _weight in weigh(reading, settings=settings):
        kind = kinds.get(sign.refs[0])
        yield sign.on, kind.label if kind else _("Purchase"), kind is not None
