"""Everything the facts say at the end of a day, before any window is laid over it."""

from dataclasses import dataclass
from datetime import date

from crm.ledger.enums import Standing
from crm.stages.answers import Answers, read_answers
from crm.stages.purchases import decisions_to_buy
from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign, one_a_day
from crm.stages.timeline import Bought, Entry, Timeline
from crm.stages.unresolved import Unresolved, read_unresolved
from crm.stages.voices import acts, passes, words
from crm.stages.weights import weigh


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known at the end of `day`; it stays so until the next day with news.

    `bought` oldest first, `answers.balances` the latest last, every sign the newest first.
    """

    day: date
    bought: tuple[Bought, ...]
    decisions: tuple[Sign, ...]
    answers: Answers
    words: tuple[Sign, ...]
    acts: tuple[Sign, ...]  # one a day
    passes: tuple[Sign, ...]  # one a day
    unresolved: Unresolved | None
    weights: tuple[tuple[Sign, float], ...]
    latest: str  # the last fact known, whether it counts or not

    @property
    def last_purchase(self) -> Bought | None:
        return self.bought[-1] if self.bought else None

    def is_unresolved_on(self, day: date) -> bool:
        """Whether something is unresolved at the end of this or a later day without news."""
        return self.unresolved is not None and day < self.unresolved.ends_on


def read(known: Timeline, *, day: date, settings: RuleSettings) -> Reading:
    """What the facts known by the end of `day` say."""
    given = known.entries_on(day)
    entries = [entry for entry in given if entry.fact.standing == Standing.COUNTS]
    bought = known.purchases_on(day)
    decisions = decisions_to_buy(bought, settings=settings)
    answers = read_answers(entries, known.purchases, day=day, settings=settings)
    own_words = words(entries, answers, settings=settings)
    passed = passes(entries, known, day=day, settings=settings)
    acted = acts(entries, passed, settings=settings)
    return Reading(
        day=day,
        bought=tuple(bought),
        decisions=decisions,
        answers=answers,
        words=own_words,
        acts=one_a_day(acted),
        passes=one_a_day(passed),
        unresolved=read_unresolved(entries, answers, decisions, day=day, settings=settings),
        weights=tuple(
            weigh(
                entries,
                bought,
                answers,
                words=own_words,
                acts=acted,
                passes=passed,
                settings=settings,
            )
        ),
        latest=_latest(given, known, day),
    )


def _latest(given: list[Entry], known: Timeline, day: date) -> str:
    happened = [(entry.fact.at, entry.fact.ref) for entry in given]
    happened += [(one.purchase.at, one.ref) for one in known.purchases if one.on <= day]
    return max(happened)[1]
