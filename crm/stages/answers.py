"""What the answers to our questions say: pairs, perceived answers, recoveries, NPS.

An answer stands where it was first given and has the value of its latest edit. What was
*voiced* counts from the moment it was first said and not taken back since: somebody who
edits a good answer into a bad one is dissatisfied from the edit on.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from crm.ledger.enums import Kind
from crm.stages.enums import Balance
from crm.stages.facts import Fact
from crm.stages.rule_settings import RuleSettings
from crm.stages.timeline import Bought, Entry, Version

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict of the customer: a pair, a perceived answer, or a recovery evaluation."""

    balance: Balance
    entry: Entry
    voiced: Version
    refs: tuple[str, ...]
    purchase: Bought | None = None

    @property
    def on(self) -> date:
        return self.entry.on

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """Sorts answers, the latest last: by first submission, order moment, source."""
        ordered_at = self.purchase.purchase.at if self.purchase else _BEFORE_ALL
        return (self.entry.first_at, ordered_at, self.entry.source)


@dataclass(frozen=True, slots=True)
class Answers:
    """`balances`: the one answer that counts of each purchase, the latest last. `verdicts`:
    every answer with a balance, by the touchpoint that carries it."""

    balances: tuple[Answer, ...]
    recoveries: tuple[Answer, ...]
    nps: Entry | None
    verdicts: Mapping[str, Balance]


def balance_of(gap: Decimal, *, tolerance: Decimal) -> Balance:
    """Which of the three feelings a gap between evaluation and expectation stands for."""
    if gap < -tolerance:
        return Balance.DISSATISFIED
    return Balance.DELIGHTED if gap > tolerance else Balance.SATISFIED


def read_answers(
    entries: Iterable[Entry],
    purchases: Mapping[int, Bought],
    *,
    day: date,
    settings: RuleSettings,
) -> Answers:
    """What the counted answers among these say at the end of the day."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.fact.is_answer and entry.fact.value is not None:
            by_kind.setdefault(entry.fact.kind, []).append(entry)
    if not by_kind:
        return _NONE

    def about(entry: Entry) -> Bought | None:
        """The purchase it is about, where that is made by then."""
        bought = purchases.get(entry.fact.purchase_id or 0)
        return bought if bought and bought.on <= day else None

    pairs = _pairs(by_kind, about, day=day, settings=settings)
    perceived = [_compared(entry, about(entry)) for entry in by_kind.get(Kind.PERCEIVED, [])]
    recoveries = [_compared(entry, None) for entry in by_kind.get(Kind.RECOVERY, [])]
    return Answers(
        balances=_one_per_purchase(pairs, perceived),
        recoveries=tuple(sorted(recoveries, key=lambda answer: answer.order)),
        nps=max(by_kind.get(Kind.NPS, []), key=_latest, default=None),
        verdicts={
            answer.entry.fact.ref: answer.balance for answer in (*pairs, *perceived, *recoveries)
        },
    )


_NONE = Answers((), (), None, {})


def _latest(entry: Entry) -> tuple[datetime, str]:
    return (entry.first_at, entry.source)


def _one_per_purchase(pairs: list[Answer], perceived: list[Answer]) -> tuple[Answer, ...]:
    """The latest pair of each purchase; where it has none, its latest perceived answer."""
    counted: dict[int, Answer] = {}
    for answers in (perceived, pairs):
        latest = {}
        for answer in sorted(answers, key=lambda answer: answer.order):
            # A perceived answer about no known purchase stands for itself.
            latest[answer.entry.fact.purchase_id or -answer.entry.fact.id] = answer
        counted |= latest
    return tuple(sorted(counted.values(), key=lambda answer: answer.order))


def _pairs(
    by_kind: Mapping[str, list[Entry]],
    about: Callable[[Entry], Bought | None],
    *,
    day: date,
    settings: RuleSettings,
) -> list[Answer]:
    expectations: dict[int, list[Entry]] = {}
    for entry in by_kind.get(Kind.EXPECTATION, []):
        expectations.setdefault(entry.fact.purchase_id or 0, []).append(entry)
    pairs = []
    for evaluation in by_kind.get(Kind.EVALUATION, []):
        purchase = about(evaluation)
        if purchase is None:
            continue
        expectation = _valid_expectation(
            expectations.get(purchase.purchase.id, []), evaluation, purchase, day, settings
        )
        if expectation is not None:
            pairs.append(_pair(evaluation, expectation, purchase, settings))
    return pairs


def _valid_expectation(
    expectations: list[Entry],
    evaluation: Entry,
    purchase: Bought,
    day: date,
    settings: RuleSettings,
) -> Fact | None:
    """The latest expectation given in time, as it was last edited in time."""

    def is_in_time(version: Version) -> bool:
        if version.fact.at >= evaluation.first_at or version.fact.value is None:
            return False
        delivered_at = purchase.purchase.delivered_at
        if delivered_at and purchase.delivered_on <= day:
            return version.fact.at < delivered_at
        return (version.on - purchase.on).days <= settings.expectation_days

    for entry in sorted(expectations, key=_latest, reverse=True):
        for version in reversed(entry.versions):
            if is_in_time(version):
                return version.fact
    return None


def _pair(evaluation: Entry, expectation: Fact, purchase: Bought, settings: RuleSettings) -> Answer:
    def balance(version: Version) -> Balance | None:
        if version.fact.value is None or expectation.value is None:
            return None
        return balance_of(version.fact.value - expectation.value, tolerance=settings.tolerance)

    return _answer(evaluation, balance, purchase, refs=(evaluation.fact.ref, expectation.ref))


def _compared(entry: Entry, purchase: Bought | None) -> Answer:
    """An answer that compares by itself: below, as, or above what was expected."""

    def balance(version: Version) -> Balance | None:
        if version.fact.value is None:
            return None
        return balance_of(version.fact.value, tolerance=Decimal(0))

    return _answer(entry, balance, purchase, refs=(entry.fact.ref,))


def _answer(
    entry: Entry,
    balance: Callable[[Version], Balance | None],
    purchase: Bought | None,
    *,
    refs: tuple[str, ...],
) -> Answer:
    *earlier, voiced = entry.versions
    current = balance(voiced)
    assert current is not None  # entries without a value are left out in read_answers
    for version in reversed(earlier):
        if balance(version) is not current:
            break
        voiced = version
    return Answer(current, entry, voiced, refs, purchase)
