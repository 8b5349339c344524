"""What to know of a relationship besides its stage, now and if nothing more happens."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm.stages.enums import Mark, Stage
from crm.stages.reading import Reading
from crm.stages.replay import Replay, Spell, spells
from crm.stages.rule_settings import RuleSettings
from crm.stages.timeline import NEVER, plus
from crm.stages.yardsticks import Yardstick


@dataclass(frozen=True, slots=True)
class Outlook:
    """A person from `as_of` on, if nothing ever happened again."""

    as_of: date
    stays: tuple[Spell, ...]  # the present one and those to come
    reading: Reading
    rhythm_days: float
    yardstick: Yardstick
    settings: RuleSettings

    @property
    def review_on(self) -> date | None:
        """The first later day on which the stage differs."""
        return self.stays[0].to_on

    @property
    def remark_on(self) -> date | None:
        """The first later day on which any mark differs."""
        present = self.marks_on(self.as_of)
        turns = sorted({day for day in self._turns() if self.as_of < day < NEVER})
        return next((day for day in turns if self.marks_on(day) != present), None)

    def marks_on(self, day: date) -> tuple[Mark, ...]:
        """The marks at the end of the day, in the order in which they should be seen."""
        stay = next(stay for stay in reversed(self.stays) if stay.from_on <= day)
        is_dormant, is_quiet_regular = self._is_dormant(day), self._is_quiet_regular(stay, day)
        is_spared = is_dormant or is_quiet_regular or not self.reading.bought
        states = {
            Mark.RECOVERY_FIRST: self.reading.is_unresolved_on(day),
            Mark.STALLED: self._has_stayed_long(stay, day) and not is_spared,
            Mark.DORMANT: is_dormant,
            Mark.QUIET_REGULAR: is_quiet_regular,
            Mark.ABOUT_TO_LAPSE: self._is_about_to_lapse(stay, day),
        }
        return tuple(mark for mark, is_so in states.items() if is_so)

    def _is_dormant(self, day: date) -> bool:
        """Whether somebody who has bought has not done so for long."""
        last = self.reading.last_purchase
        return last is not None and (day - last.on).days > self.settings.dormant_days

    def _is_quiet_regular(self, stay: Spell, day: date) -> bool:
        last = self.reading.last_purchase
        return (
            last is not None
            and stay.stage is Stage.LANDING
            and len(self.reading.decisions) >= self.settings.regular_purchase_days
            and (day - last.on).days <= self.settings.regular_rhythms * self.rhythm_days
        )

    def _has_stayed_long(self, stay: Spell, day: date) -> bool:
        if stay.stage is Stage.CIRCULATION:
            return False
        return (day - stay.from_on).days > self.yardstick.dwell_in(stay.stage, self.settings)

    def _is_about_to_lapse(self, stay: Spell, day: date) -> bool:
        soon = plus(day, self.settings.lapse_days)
        return any(later.stage < stay.stage and day < later.from_on <= soon for later in self.stays)

    def _turns(self) -> Iterator[date]:
        """Every day on which a mark might begin or end."""
        for stay in self.stays:
            yield stay.from_on
            yield plus(stay.from_on, -self.settings.lapse_days)
            if stay.stage is not Stage.CIRCULATION:
                dwell = self.yardstick.dwell_in(stay.stage, self.settings)
                yield plus(stay.from_on, math.floor(dwell) + 1)
        if last := self.reading.last_purchase:
            yield plus(last.on, self.settings.dormant_days + 1)
            spared_for = math.floor(self.settings.regular_rhythms * self.rhythm_days)
            yield plus(last.on, spared_for + 1)
        if self.reading.unresolved:
            yield self.reading.unresolved.ends_on


def outlook(replayed: Replay, *, rhythm_days: float, yardstick: Yardstick) -> Outlook:
    """How the marks stand at the end of `as_of`, and how they would go on."""
    past = len(replayed.spells)
    return Outlook(
        as_of=replayed.as_of,
        stays=spells(replayed.positions + replayed.ahead)[past - 1 :],
        reading=replayed.reading,
        rhythm_days=rhythm_days,
        yardstick=yardstick,
        settings=replayed.settings,
    )
