"""What stands unresolved between a person and the shop (stages.md, section 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm.ledger.enums import Kind
from crm.stages.answers import Answer, Answers
from crm.stages.enums import Balance
from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign
from crm.stages.timeline import NEVER, Entry, plus
from crm.stages.voices import opens_complaint

# At one moment a case is opened before it is closed, and closed before it is reopened.
_MOVES = {Kind.COMPLAINT: 0, Kind.REVIEW: 0, Kind.COMPLAINT_CLOSED: 1, Kind.COMPLAINT_REOPENED: 2}


@dataclass(frozen=True, slots=True)
class Unresolved:
    """What is open at the end of a day, and from which day on time alone settles it."""

    ends_on: date
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as it stands: since when it is open, or from when to when it last was.

    `ref` is the fact that last opened or closed it.
    """

    ref: str
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def read_unresolved(
    entries: Iterable[Entry],
    answers: Answers,
    decisions: Sequence[Sign],
    *,
    day: date,
    settings: RuleSettings,
) -> Unresolved | None:
    """The open complaints and the dissatisfied answers nothing has made good since."""
    open_cases = _open_cases(entries, settings)
    verdicts = (*answers.balances, *answers.recoveries)
    open_answers = [
        answer
        for answer in verdicts
        if answer.balance is Balance.DISSATISFIED
        and not _is_made_good(answer, verdicts, decisions, settings)
        and plus(answer.voiced.on, settings.unresolved_days) > day
    ]
    if not open_cases and not open_answers:
        return None
    ends = [plus(answer.voiced.on, settings.unresolved_days) for answer in open_answers]
    return Unresolved(
        ends_on=NEVER if open_cases else max(ends),
        refs=(*open_cases, *(ref for answer in open_answers for ref in answer.refs)),
    )


def _is_made_good(
    answer: Answer,
    verdicts: Iterable[Answer],
    decisions: Sequence[Sign],
    settings: RuleSettings,
) -> bool:
    """Whether a good answer, or enough later days of buying, came after it was voiced."""
    voiced_at = answer.voiced.fact.at
    if any(
        later.balance is not Balance.DISSATISFIED and later.voiced.fact.at > voiced_at
        for later in verdicts
    ):
        return True
    later_days = sum(decision.on > answer.voiced.on for decision in decisions)
    return later_days >= settings.unresolved_purchase_days


def cases(entries: Iterable[Entry], settings: RuleSettings) -> dict[str, Case]:
    """Every complaint these facts tell of, by its thread.

    Facts of one case share their thread; a case without one is known by its own source.
    """
    moves = []
    for entry in entries:
        fact = entry.fact
        if fact.kind not in _MOVES or (
            fact.kind == Kind.REVIEW and not opens_complaint(entry, settings)
        ):
            continue
        order = (_voiced_at(entry, settings), _MOVES[Kind(fact.kind)], entry.source)
        moves.append((order, fact))
    found: dict[str, Case] = {}
    for (at, _move, source), fact in sorted(moves, key=lambda move: move[0]):
        key = fact.thread or source
        known = found.get(key)
        if fact.kind == Kind.COMPLAINT_CLOSED:
            if known:
                found[key] = Case(fact.ref, known.opened_at, at)
        else:
            found[key] = Case(fact.ref, known.opened_at if known and known.is_open else at)
    return found


def _open_cases(entries: Iterable[Entry], settings: RuleSettings) -> tuple[str, ...]:
    """The fact that last opened each case that is still open."""
    return tuple(sorted(case.ref for case in cases(entries, settings).values() if case.is_open))


def _voiced_at(entry: Entry, settings: RuleSettings) -> datetime:
    """Since when it has spoken of a complaint without taking it back."""
    at = entry.fact.at
    for count in range(len(entry.versions) - 1, 0, -1):
        earlier = Entry(entry.versions[:count])
        if earlier.fact.kind == Kind.REVIEW and not opens_complaint(earlier, settings):
            break
        at = earlier.fact.at
    return at
