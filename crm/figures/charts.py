"""Charts as pages want them: a picture, what it says in a sentence, and its numbers as a table.

Each function here returns a `Chart` for templates/_chart.html, which draws nothing by itself:
elements/shop-chart.js does, and where it does not run the table is there all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Words = str | Promise

NOTHING = "–"


class Tone(StrEnum):
    """The colours a chart knows, by their names in tokens.css."""

    AI = "ai"
    WARM = "warm"
    INK = "ink"
    LEVEL = "level"
    STAGE_0 = "stage-0"
    STAGE_1 = "stage-1"
    STAGE_2 = "stage-2"
    STAGE_3 = "stage-3"
    STAGE_4 = "stage-4"


class Shape(StrEnum):
    """How a key shows a series, so that colour is never all that tells it apart."""

    AREA = "area"
    LINE = "line"
    POINT = "point"


@dataclass(frozen=True)
class Series:
    """One line, or one layer of bars: a value for each label, None where there is none.

    `low` and `high` are the ends of each value's interval, `words` its cells in the table where
    the bare number would say too little (such as "53 % (41 to 65), n = 62").
    """

    name: Words
    values: Sequence[float | None]
    tone: Tone
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    words: Sequence[Words] = ()


@dataclass(frozen=True)
class Event:
    """What happened on a day, on the curve of warmth: a purchase, or words and answers."""

    on: date
    value: float
    what: Words
    is_words: bool = False


@dataclass(frozen=True)
class Key:
    """What a colour stands for; lines differ by their dash (0 is whole) as well."""

    name: Words
    tone: str
    shape: Shape
    dash: int = 0


@dataclass(frozen=True)
class Chart:
    """What templates/_chart.html shows. `key` is unique on its page; `says` is read to those who
    do not see the picture."""

    key: str
    kind: str
    says: Words
    data: dict[str, Any]
    head: list[Words]
    rows: list[list[Words]]
    legend: list[Key] = field(default_factory=list)


def lines(
    key: str,
    *,
    says: Words,
    labels: Sequence[Words],
    series: Sequence[Series],
    axis: Words = "",
    low: float | None = None,
    high: float | None = None,
) -> Chart:
    """How values went on: a line for each series, between the ends `low` and `high` if given."""
    legend = [Key(one.name, one.tone, Shape.LINE, dash) for dash, one in enumerate(series)]
    return _chart("lines", key, says, labels, series, axis, legend, low=low, high=high)


def stack(
    key: str,
    *,
    says: Words,
    labels: Sequence[Words],
    series: Sequence[Series],
    axis: Words = "",
) -> Chart:
    """What a whole is made of, over time: bars in layers, the first series lowest."""
    legend = [Key(one.name, one.tone, Shape.AREA) for one in reversed(series)]  # as they lie
    return _chart("stack", key, says, labels, series, axis, legend)


def band(
    key: str,
    *,
    says: Words,
    labels: Sequence[Words],
    series: Series,
    axis: Words = "",
    low: float = -100,
    high: float = 100,
) -> Chart:
    """A figure with how sure it is: the value as a point, its interval as a band behind it.

    One label lies on a line from `low` to `high`; several stand side by side.
    """
    return _chart("band", key, says, labels, [series], axis, [], low=low, high=high)


def radar(
    key: str,
    *,
    says: Words,
    labels: Sequence[Words],
    series: Sequence[Series],
    axis: Words = "",
    low: float = 0,
    high: float = 10,
) -> Chart:
    """Factors around a circle: the first series (expectation) as a broken ring, others whole."""
    legend = [Key(one.name, one.tone, Shape.LINE, int(at == 0)) for at, one in enumerate(series)]
    return _chart("radar", key, says, labels, series, axis, legend, low=low, high=high)


def warmth(
    key: str, *, says: Words, curve: Sequence[tuple[date, float]], events: Sequence[Event]
) -> Chart:
    """The curve of a relationship over its days; its table is what happened on it."""
    return Chart(
        key=key,
        kind="warmth",
        says=says,
        data={
            "curve": [[on.isoformat(), value] for on, value in curve],
            "events": [
                {
                    "on": event.on.isoformat(),
                    "value": event.value,
                    "what": str(event.what),
                    "is_words": event.is_words,
                }
                for event in events
            ],
        },
        head=[_("Day"), _("What happened"), _("Warmth")],
        rows=[
            [date_format(event.on), event.what, _number(round(event.value, 1))]
            for event in sorted(events, key=lambda event: event.on, reverse=True)
        ],
        legend=[
            Key(_("Purchases"), "ring", Shape.POINT),
            Key(_("Words and answers"), Tone.WARM, Shape.POINT),
        ],
    )


def _chart(
    kind: str,
    key: str,
    says: Words,
    labels: Sequence[Words],
    series: Sequence[Series],
    axis: Words,
    legend: list[Key],
    **limits: float | None,
) -> Chart:
    return Chart(
        key=key,
        kind=kind,
        says=says,
        data={
            "labels": [str(label) for label in labels],
            "series": [_data_of(one) for one in series],
            **limits,
        },
        head=[axis, *(one.name for one in series)],
        rows=[[label, *(_cell(one, at) for one in series)] for at, label in enumerate(labels)],
        legend=legend if len(series) > 1 else [],
    )


def _data_of(series: Series) -> dict[str, Any]:
    return {
        "name": str(series.name),
        "tone": series.tone,
        "values": list(series.values),
        "low": list(series.low),
        "high": list(series.high),
    }


def _cell(series: Series, at: int) -> Words:
    """What the table says for one value: its words, else the number with its interval."""
    if series.words:
        return series.words[at]
    value = series.values[at]
    if value is None:
        return NOTHING
    low, high = (ends[at] if ends else None for ends in (series.low, series.high))
    if low is None or high is None:
        return _number(value)
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": _number(value),
        "low": _number(low),
        "high": _number(high),
    }


def _number(value: float) -> str:
    """A number as people write it: 1,200 and 14.5."""
    return number_format(value, force_grouping=True)
