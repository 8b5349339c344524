"""The facts of a person on the shop's calendar, and what of them is known on each day.

This is where "a fact after `as_of` does not exist" is kept: nothing later gets in.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.customers.enums import PurchaseStatus
from crm.ledger.enums import Standing
from crm.stages.facts import Fact, History, Purchase

NEVER = date.max

_ENDED = frozenset({PurchaseStatus.CANCELLED, PurchaseStatus.RETURNED})
#: Not known at all: a machine's answer, and what staff wrote down by mistake.
_NOT_SAID = frozenset({Standing.SUSPECTED, Standing.WITHDRAWN})
_NO_PURCHASE = frozenset({PurchaseStatus.TEST, PurchaseStatus.SAMPLE})


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase with its days. It counts from `on` until the day before `gone_on`."""

    purchase: Purchase
    on: date
    gone_on: date
    refunded_on: date
    delivered_on: date

    @property
    def ref(self) -> str:
        return self.purchase.ref

    def counts_on(self, day: date) -> bool:
        return self.on <= day < self.gone_on

    def spent_on(self, day: date) -> int:
        """Its total, less what was given back by then."""
        back = self.purchase.refunded if self.refunded_on <= day else 0
        return self.purchase.total - back


@dataclass(frozen=True, slots=True)
class Version:
    """A touchpoint as first given, or an edit of it."""

    fact: Fact
    on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A touchpoint as it stands at the end of a day.

    It stands where it was first given and says what its latest edit says.
    """

    versions: tuple[Version, ...]

    @property
    def fact(self) -> Fact:
        return self.versions[-1].fact

    @property
    def first_at(self) -> datetime:
        return self.versions[0].fact.at

    @property
    def on(self) -> date:
        return self.versions[0].on

    @property
    def source(self) -> str:
        return self.versions[0].fact.source

    @property
    def response(self) -> str:
        """What it was given together with; by itself, its own source."""
        return self.fact.response or self.source


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is known up to `until`, and the `days` on which it changes.

    `introduced` holds, by referral, the purchases of the person referred.
    """

    until: date
    zone: ZoneInfo
    days: tuple[date, ...]
    purchases: tuple[Bought, ...]  # oldest first; samples too, which never count
    by_id: dict[int, Bought]
    introduced: dict[int, tuple[Bought, ...]]
    history_of: tuple[tuple[Entry, ...], ...]  # per touchpoint: after each of its versions
    customer_ids: frozenset[int]

    def entries_on(self, day: date) -> list[Entry]:
        """Every touchpoint given by the end of that day, as it stood then."""
        entries = []
        for states in self.history_of:
            if states[0].on > day:
                continue
            if len(states) == 1:
                entries.append(states[0])
            else:
                entries.append(next(s for s in reversed(states) if s.versions[-1].on <= day))
        return entries


def timeline(history: History, *, zone: ZoneInfo, until: date) -> Timeline | None:
    """The history up to the end of `until`; None where nothing was known yet.

    Test orders, a machine's answers and what was taken back are not known at all.
    """
    calendar = _Calendar(zone, until)
    known = {fact.id: fact for fact in history.facts}
    history_of = calendar.entries(list(known.values()))
    purchases = calendar.purchases(history.purchases)
    days = {version.on for states in history_of for version in states[-1].versions}
    for bought in purchases:
        days |= calendar.days_of(bought)
    if not days:
        return None
    introduced = {
        fact.id: calendar.purchases(fact.others) for fact in known.values() if fact.others
    }
    first = min(days)
    for others in introduced.values():
        for bought in others:
            days |= {day for day in calendar.days_of(bought) if day > first}
    return Timeline(
        until=until,
        zone=zone,
        days=tuple(sorted(days)),
        purchases=purchases,
        by_id={bought.purchase.id: bought for bought in purchases},
        introduced=introduced,
        history_of=history_of,
        customer_ids=history.customer_ids,
    )


@dataclass(frozen=True, slots=True)
class _Calendar:
    zone: ZoneInfo
    until: date

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def known_day(self, at: datetime | None) -> date:
        """Its day, or NEVER where it is unknown or later than we look."""
        day = self.day(at) if at else NEVER
        return day if day <= self.until else NEVER

    def purchases(self, purchases: tuple[Purchase, ...]) -> tuple[Bought, ...]:
        """Those made by then, oldest first."""
        unique = {purchase.id: purchase for purchase in purchases}.values()
        bought = [self._bought(purchase) for purchase in unique if self._is_known(purchase)]
        return tuple(sorted(bought, key=lambda one: (one.purchase.at, one.purchase.id)))

    def _is_known(self, purchase: Purchase) -> bool:
        return purchase.status != PurchaseStatus.TEST and self.day(purchase.at) <= self.until

    def _bought(self, purchase: Purchase) -> Bought:
        on = self.day(purchase.at)
        refunded_on = voided_on = NEVER
        if purchase.refunded > 0:
            refunded_on = max(on, self.known_day(purchase.refunded_at or purchase.at))
        if purchase.voided_at or purchase.status in _ENDED:
            voided_on = max(on, self.known_day(purchase.voided_at or purchase.at))
        is_refunded_in_full = purchase.refunded >= purchase.total
        gone_on = min(voided_on, refunded_on if is_refunded_in_full else NEVER)
        return Bought(
            purchase=purchase,
            on=on,
            gone_on=on if purchase.status in _NO_PURCHASE else gone_on,
            refunded_on=refunded_on,
            delivered_on=self.known_day(purchase.delivered_at),
        )

    def days_of(self, bought: Bought) -> set[date]:
        """The days on which something of this purchase comes to be known."""
        days = {bought.on, bought.gone_on, bought.refunded_on, max(bought.on, bought.delivered_on)}
        return days - {NEVER}

    def entries(self, facts: list[Fact]) -> tuple[tuple[Entry, ...], ...]:
        """Each touchpoint with its edits, as it stood after each of them."""
        root: dict[int, int] = {}
        depth: dict[int, int] = {}
        chains: dict[int, list[Fact]] = defaultdict(list)
        for fact in sorted(facts, key=lambda fact: fact.id):  # an edit is newer than its original
            before = fact.replaces_id
            root[fact.id] = root.get(before, fact.id) if before else fact.id
            depth[fact.id] = depth.get(before, -1) + 1 if before else 0
            if fact.standing not in _NOT_SAID and self.day(fact.at) <= self.until:
                chains[root[fact.id]].append(fact)
        chain_states = []
        for chain in chains.values():
            chain.sort(key=lambda fact: (fact.at, depth[fact.id], fact.source))
            versions = tuple(Version(fact, self.day(fact.at)) for fact in chain)
            chain_states.append(
                tuple(Entry(versions[:count]) for count in range(1, len(versions) + 1))
            )
        return tuple(chain_states)


def plus(day: date, days: int) -> date:
    """The day so many days later, or NEVER beyond the calendar's end."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return NEVER
