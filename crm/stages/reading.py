"""Everything the facts say at the end of a day, before any window is laid over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.ledger.enums import Standing
from crm.stages.answers import Answers, read_answers
from crm.stages.purchases import PurchaseBook
from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign, one_a_day
from crm.stages.timeline import Bought, Entry, Timeline
from crm.stages.unresolved import Unresolved, read_unresolved
from crm.stages.voices import acts, passes, words


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known at the end of `day`; it stays so until the next day with news.

    Purchases, decisions and answers the latest last; words, acts and passes the newest
    first, the latter two one a day, with all of them beside.
    """

    day: date
    entries: Sequence[Entry]  # that count
    bought: Sequence[Bought]
    decisions: Sequence[Sign]
    answers: Answers
    words: Sequence[Sign]
    acts: Sequence[Sign]
    all_acts: Sequence[Sign]
    passes: Sequence[Sign]
    all_passes: Sequence[Sign]
    unresolved: Unresolved | None

    @property
    def last_purchase(self) -> Bought | None:
        return self.bought[-1] if self.bought else None

    def is_unresolved_on(self, day: date) -> bool:
        """Whether something is unresolved at the end of this or a later day without news."""
        return self.unresolved is not None and day < self.unresolved.ends_on


class Reader:
    """Reads a timeline on one day after another."""

    def __init__(self, known: Timeline, *, settings: RuleSettings) -> None:
        self.known = known
        self._settings = settings
        self._book = PurchaseBook(known.purchases, settings=settings)

    def read(self, day: date) -> Reading:
        """What the facts known by the end of the day say."""
        known, settings = self.known, self._settings
        entries = [
            entry for entry in known.entries_on(day) if entry.fact.standing == Standing.COUNTS
        ]
        bought, decisions = self._book.on(day)
        answers = read_answers(entries, known.by_id, day=day, settings=settings)
        passed = passes(entries, known, day=day, settings=settings)
        acted = acts(entries, passed, settings=settings)
        return Reading(
            day=day,
            entries=entries,
            bought=bought,
            decisions=decisions,
            answers=answers,
            words=words(entries, answers, settings=settings),
            acts=one_a_day(acted),
            all_acts=acted,
            passes=one_a_day(passed),
            all_passes=passed,
            unresolved=read_unresolved(entries, answers, decisions, day=day, settings=settings),
        )

    def last_fact(self, day: date) -> str:
        """The last thing that happened by the end of the day, whether it counts or not."""
        known = self.known
        happened = [(entry.fact.at, entry.fact.ref) for entry in known.entries_on(day)]
        happened += [(one.purchase.at, one.ref) for one in known.purchases if one.on <= day]
        return max(happened)[1]
