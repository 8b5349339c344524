"""What the choice of a play rests on: pure, as of one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crm.followups.enums import Call
from crm.ledger.enums import Kind
from crm.stages.enums import Balance, Direction, Mark, Recovered, Stage

#: Past it, an answer would come too late to be natural; silence is kinder.
WAITS_FOR = timedelta(days=60)
RECENT = timedelta(days=30)

_PASSED_ON = frozenset({Kind.REFERRAL, Kind.SHARE})
_ACTED = frozenset({Kind.EVENT, Kind.IDEA, Kind.COMMUNITY})
_WROTE_TO_US = frozenset({Kind.LETTER, Kind.INQUIRY, Kind.REPLY})
_ASKED_BY_US = frozenset(
    {Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED, Kind.NPS, Kind.RECOVERY}
)
_COMPARED = frozenset({Kind.EVALUATION, Kind.PERCEIVED})


@dataclass(frozen=True)
class Told:
    """Something a customer said or did, and whether somebody of the shop answered it.

    `has_words` is true where the words are their own and no stock phrase (stages.md, `words`).
    `is_set_aside`: somebody decided not to answer it, whatever the play was called.
    """

    id: int
    kind: Kind
    on: date
    has_words: bool = False
    stars: int | None = None
    is_public: bool = False
    is_rewarded: bool = False
    is_answered: bool = False
    is_set_aside: bool = False

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it, nor decided not to."""
        return not (self.is_answered or self.is_set_aside)

    @property
    def is_pass(self) -> bool:
        """Whether it carried the shop to others."""
        return self.kind in _PASSED_ON or (
            self.kind == Kind.REVIEW and self.is_public and (self.stars or 0) >= 4
        )

    @property
    def is_act(self) -> bool:
        return self.kind in _ACTED or (self.kind == Kind.REVIEW and (self.stars or 0) >= 3)

    @property
    def asks_for(self) -> Call | None:
        """What it asks of us: thanks for what was done freely, an answer to own words.

        A complaint asks for more than an answer, and a reward has thanked already.
        """
        if (self.is_pass or self.is_act) and not self.is_rewarded:
            return Call.THANK
        is_answerable = self.kind in _WROTE_TO_US or (
            self.has_words and self.kind in _ASKED_BY_US | {Kind.REVIEW}
        )
        return Call.ANSWER if is_answerable else None


@dataclass(frozen=True)
class Situation:
    """What is known of a relationship at the end of `today`, as of the last assessment."""

    stage: Stage
    today: date = date.max
    since_on: date = date.min
    marks: frozenset[Mark] = frozenset()
    balance: Balance | None = None
    direction: Direction = Direction.STEADY
    recovered: Recovered | None = None
    nps: int | None = None
    orders: int = 0
    purchase_days: int = 0
    acts: int = 0
    passes: int = 0
    bought_on: date | None = None  # the latest order
    delivered_on: date | None = None  # of the latest order
    told: tuple[Told, ...] = ()  # of the last WAITS_FOR, newest first
    trouble: Told | None = None  # the newest fact of what is unresolved, on the day it began

    @property
    def is_recovery_first(self) -> bool:
        return Mark.RECOVERY_FIRST in self.marks

    @property
    def has_cooled(self) -> bool:
        return self.direction is Direction.COOLING or Mark.ABOUT_TO_LAPSE in self.marks

    @property
    def unthanked_pass(self) -> Told | None:
        """The one that waits longest; so it is with acts and words."""
        return _first(told for told in self._unanswered(Call.THANK) if told.is_pass)

    @property
    def unthanked_act(self) -> Told | None:
        return _first(self._unanswered(Call.THANK))

    @property
    def unanswered_words(self) -> Told | None:
        return _first(self._unanswered(Call.ANSWER))

    @property
    def delight(self) -> Told | None:
        """The answer that told of delight, while nobody has thanked for it."""
        if self.balance is not Balance.DELIGHTED:
            return None
        latest = _first(told for told in self.told if told.kind in _COMPARED)
        is_fresh = latest and latest.waits and self.today - latest.on <= RECENT
        return latest if is_fresh else None

    @property
    def settled_on(self) -> date | None:
        """When a complaint was last settled."""
        closed = _first(told for told in self.told if told.kind == Kind.COMPLAINT_CLOSED)
        return closed.on if closed else None

    def days_since(self, day: date | None) -> int | None:
        return (self.today - day).days if day else None

    def _unanswered(self, call: Call) -> Iterable[Told]:
        oldest_first = reversed(self.told)
        return (told for told in oldest_first if told.asks_for == call and told.waits)


def _first(told: Iterable[Told]) -> Told | None:
    return next(iter(told), None)
