"""The gates of the five stages, written as the table of stages.md writes them.

Laid over a reading, a condition gives its *support*: the rows it rests on, and the last
day they hold it open if nothing new happens. Time alone only ever closes a gate, so that
one day says everything about the future. Of several ways through a gate the longest lasting
is the evidence: it does not change until the gate closes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Protocol

from crm.stages.enums import Balance, Stage
from crm.stages.reading import Reading
from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign
from crm.stages.timeline import NEVER, plus


@dataclass(frozen=True, slots=True)
class Support:
    """Why a condition holds: until the end of which day, and on which rows."""

    until: date
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A fact of section 1 and the least it must be, such as ("acts", "2")."""

    fact: str
    at_least: str


#: Ways to open a gate; each a set of needs that together would do it.
Ways = tuple[tuple[Need, ...], ...]


class Condition(Protocol):
    def support(self, reading: Reading, window: int) -> Support | None:
        """Its longest lasting support with facts inside the window; it may have run out."""

    def missing(self, reading: Reading, window: int, day: date) -> Ways:
        """The ways in which it could come to hold; one empty way where it holds."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    need: Need
    find: Callable[[Reading, int], Support | None]

    def support(self, reading: Reading, window: int) -> Support | None:
        return self.find(reading, window)

    def missing(self, reading: Reading, window: int, day: date) -> Ways:
        return ((),) if holds(self.find(reading, window), day) else ((self.need,),)


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Condition, ...]

    def support(self, reading: Reading, window: int) -> Support | None:
        found = [one.support(reading, window) for one in self.conditions]
        return max((one for one in found if one), key=lambda one: one.until, default=None)

    def missing(self, reading: Reading, window: int, day: date) -> Ways:
        ways = [way for one in self.conditions for way in one.missing(reading, window, day)]
        return ((),) if () in ways else tuple(ways)


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple[Condition, ...]

    def support(self, reading: Reading, window: int) -> Support | None:
        found = [one.support(reading, window) for one in self.conditions]
        supports = [one for one in found if one]
        if len(supports) < len(self.conditions):
            return None
        refs = dict.fromkeys(ref for one in supports for ref in one.refs)
        return Support(min(one.until for one in supports), tuple(refs))

    def missing(self, reading: Reading, window: int, day: date) -> Ways:
        each = [one.missing(reading, window, day) for one in self.conditions]
        ways = [
            tuple(dict.fromkeys(need for way in combination for need in way))
            for combination in product(*each)
        ]
        return tuple(
            way
            for place, way in enumerate(ways)
            if not any(set(other) < set(way) for other in ways)
            and all(set(other) != set(way) for other in ways[:place])
        )


def holds(support: Support | None, day: date) -> bool:
    return support is not None and support.until >= day


@lru_cache(maxsize=64)
def gates(settings: RuleSettings) -> dict[Stage, Condition]:
    """The gate of every stage above Observer, whose gate is always open."""
    s = settings
    return {
        Stage.LANDING: AllOf(
            (
                AnyOf((_bought_inside(s.landing_days), _acts(1), _words(1))),
                AnyOf(
                    (
                        _balance(),
                        _nps(s.landing_nps),
                        _purchase_days(s.landing_purchase_days),
                        _recovered(),
                        _words(s.landing_words),
                        _acts(s.landing_acts),
                    )
                ),
            )
        ),
        Stage.EMPATHY: AnyOf(
            (
                _words(s.empathy_words),
                _acts(s.empathy_acts),
                _exceeded(),
                AllOf(
                    (
                        _delights(s.empathy_delights),
                        AnyOf((_nps(s.empathy_nps), _purchase_days(s.empathy_purchase_days))),
                    )
                ),
            )
        ),
        Stage.ENGAGEMENT: _acts(s.engagement_acts),
        Stage.CIRCULATION: AnyOf(
            (
                _passes(s.circulation_passes, s.circulation_apart_days),
                AllOf(
                    (
                        _passes(s.circulation_passes_of_promoter, 0),
                        _nps(s.circulation_nps),
                        _purchase_days(s.circulation_purchase_days),
                    )
                ),
            )
        ),
    }


def _bought_inside(days: int) -> AtLeast:
    def find(reading: Reading, window: int) -> Support | None:
        last = reading.last_purchase
        return Support(plus(last.on, days), (last.ref,)) if last else None

    return AtLeast(Need("purchase_inside_days", str(days)), find)


def _purchase_days(count: int) -> AtLeast:
    def find(reading: Reading, window: int) -> Support | None:
        if len(reading.decisions) < count:
            return None
        # The first ones, so that each further purchase does not change the evidence.
        return Support(NEVER, _refs(reading.decisions[:count]))

    return AtLeast(Need("purchase_days", str(count)), find)


def _balance() -> AtLeast:
    def find(reading: Reading, window: int) -> Support | None:
        latest = reading.answers.balances[-1] if reading.answers.balances else None
        if latest is None or latest.balance is Balance.DISSATISFIED:
            return None
        return Support(plus(latest.on, window), latest.refs)

    return AtLeast(Need("balance", Balance.SATISFIED), find)


def _nps(score: int) -> AtLeast:
    def find(reading: Reading, window: int) -> Support | None:
        latest = reading.answers.nps
        if latest is None or latest.fact.value is None or latest.fact.value < score:
            return None
        return Support(plus(latest.on, window), (latest.fact.ref,))

    return AtLeast(Need("nps", str(score)), find)


def _recovered() -> AtLeast:
    return AtLeast(
        Need("recovered", "met"), _recovery_among({Balance.SATISFIED, Balance.DELIGHTED})
    )


def _exceeded() -> AtLeast:
    return AtLeast(Need("recovered", "exceeded"), _recovery_among({Balance.DELIGHTED}))


def _recovery_among(balances: set[Balance]) -> Callable[[Reading, int], Support | None]:
    def find(reading: Reading, window: int) -> Support | None:
        for answer in reversed(reading.answers.recoveries):
            if answer.balance in balances:
                return Support(plus(answer.on, window), answer.refs)
        return None

    return find


def _delights(count: int) -> AtLeast:
    def find(reading: Reading, window: int) -> Support | None:
        delighted = [
            Sign(answer.on, answer.refs)
            for answer in reversed(reading.answers.balances)
            if answer.balance is Balance.DELIGHTED
        ]
        return _newest(delighted, count, window)

    return AtLeast(Need("delights", str(count)), find)


def _words(count: int) -> AtLeast:
    return AtLeast(
        Need("words", str(count)),
        lambda reading, window: _newest(reading.words, count, window),
    )


def _acts(count: int) -> AtLeast:
    return AtLeast(
        Need("acts", str(count)),
        lambda reading, window: _newest(reading.acts, count, window),
    )


def _passes(count: int, apart_days: int) -> AtLeast:
    def find(reading: Reading, window: int) -> Support | None:
        chosen: list[Sign] = []
        for sign in reading.passes:
            if not chosen or (chosen[-1].on - sign.on).days >= apart_days:
                chosen.append(sign)
        return _newest(chosen, count, window)

    return AtLeast(Need("passes", f"{count}/{apart_days}" if apart_days else str(count)), find)


def _newest(signs: Sequence[Sign], count: int, window: int) -> Support | None:
    """The newest signs, which hold until the oldest of them leaves the window."""
    if len(signs) < count:
        return None
    newest = signs[:count]
    return Support(plus(newest[-1].on, window), _refs(newest))


def _refs(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(ref for sign in signs for ref in sign.refs)
