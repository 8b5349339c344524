"""The stage of a person day by day, from the first fact on (stages.md, sections 2 to 4).

Each day's stage rests on the day before. Between two days with news only time passes, and
the supports of the gates say on which day it next matters, so that only those are looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from crm.stages.enums import Stage
from crm.stages.facts import History
from crm.stages.gates import Condition, Support, gates, holds
from crm.stages.reading import Reader, Reading
from crm.stages.rule_settings import RuleSettings
from crm.stages.timeline import NEVER, plus, timeline

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An unresolved interval: its first day, and the stage on the day before."""

    began_on: date
    base: Stage

    def cap_on(self, day: date, step_days: int) -> Stage:
        """The highest stage it leaves open: one less after every 30 days."""
        return Stage(max(0, self.base - (day - self.began_on).days // step_days))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person stands from the end of `day` on, until the next position."""

    day: date
    stage: Stage
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """An unbroken stay in a stage, up to the day before `to_on`; None while it lasts."""

    stage: Stage
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Replay:
    """A history replayed to the end of `as_of`.

    `reading` is what was known then. `ahead` is how the stage would go on if nothing ever
    happened again.
    """

    as_of: date
    zone: ZoneInfo
    settings: RuleSettings
    reader: Reader
    reading: Reading
    positions: tuple[Position, ...]
    ahead: tuple[Position, ...]

    @property
    def position(self) -> Position:
        return self.positions[-1]

    @property
    def spells(self) -> tuple[Spell, ...]:
        return spells(self.positions)


def replay(
    history: History, *, zone: ZoneInfo, settings: RuleSettings, as_of: date
) -> Replay | None:
    """Replay the history to the end of `as_of`; None where nothing was known by then."""
    known = timeline(history, zone=zone, until=as_of)
    if known is None:
        return None
    reader = Reader(known, settings=settings)
    positions = [Position(known.days[0] - ONE_DAY, Stage.OBSERVER)]
    for day, following in pairwise((*known.days, plus(as_of, 1))):
        reading = reader.read(day)
        pace = _Pace(reading, settings)
        positions.append(pace.settle(positions[-1], day))
        positions.extend(pace.onward(positions[-1], following))
    return Replay(
        as_of=as_of,
        zone=zone,
        settings=settings,
        reader=reader,
        reading=reading,
        positions=tuple(positions[1:]),
        ahead=tuple(pace.onward(positions[-1], NEVER)),
    )


def spells(positions: tuple[Position, ...]) -> tuple[Spell, ...]:
    """The stays the positions make up."""
    starts = [
        position
        for before, position in pairwise((None, *positions))
        if position and (before is None or before.stage != position.stage)
    ]
    return tuple(
        Spell(start.stage, start.day, following.day if following else None)
        for start, following in pairwise((*starts, None))
        if start
    )


class _Pace:
    """How time alone moves a person while the reading stays the same."""

    def __init__(self, reading: Reading, settings: RuleSettings) -> None:
        self.reading = reading
        self.settings = settings
        self._supports: dict[tuple[Stage, int], Support | None] = {}

    def onward(self, position: Position, until: date) -> Iterator[Position]:
        """The positions after this one, before the day `until`."""
        while (day := self._next_day(position)) < until:
            position = self.settle(position, day)
            yield position

    def settle(self, before: Position, day: date) -> Position:
        """Where the person stands at the end of the day, having stood at `before`."""
        stage = self._highest_open(day, before.stage)
        if not self.reading.is_unresolved_on(day):
            return Position(day, stage)
        trouble = before.trouble or Trouble(began_on=day, base=before.stage)
        cap = trouble.cap_on(day, self.settings.unresolved_step_days)
        return Position(day, min(stage, cap, before.stage), trouble)

    def _highest_open(self, day: date, present: Stage) -> Stage:
        """The highest stage whose gate, and every gate below it, is open."""
        highest = Stage.OBSERVER
        for stage, gate in gates(self.settings).items():
            window = self._window(stage, present)
            if not holds(self._support(stage, gate, window), day):
                break
            highest = stage
        return highest

    def _next_day(self, position: Position) -> date:
        """The first later day on which time alone may move the person."""
        days = [NEVER]
        for stage, gate in gates(self.settings).items():
            if stage <= position.stage:
                support = self._support(stage, gate, self.settings.keep_days)
                if support:
                    days.append(plus(support.until, 1))
        unresolved = self.reading.unresolved
        if position.trouble and unresolved:
            days.append(unresolved.ends_on)
            step = self.settings.unresolved_step_days
            if position.trouble.cap_on(position.day, step) > Stage.OBSERVER:
                steps = (position.day - position.trouble.began_on).days // step + 1
                days.append(plus(position.trouble.began_on, steps * step))
        return min(days)

    def _window(self, stage: Stage, present: Stage) -> int:
        return self.settings.keep_days if stage <= present else self.settings.gain_days

    def _support(self, stage: Stage, gate: Condition, window: int) -> Support | None:
        key = (stage, window)
        if key not in self._supports:
            self._supports[key] = gate.support(self.reading, window)
        return self._supports[key]
