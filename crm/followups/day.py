"""One person's portion of a day: a list that ends, and what rests beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.followups.enums import Call
from crm.followups.models import Suggestion
from crm.followups.selectors import midnight, settled_since, to_do, to_leave
from crm.shops.models import Shop

#: How long each takes, in minutes.
MINUTES = {Call.SOLVE: 4, Call.THANK: 2, Call.ANSWER: 2, Call.HEED: 2, Call.TEND: 1, Call.REST: 0}

SITTING = 12  # minutes; what is more may wait for tomorrow
MOST = 10  # lines, however short each is
RESTING_SHOWN = 5
SETTLED_SHOWN = 20


@dataclass(frozen=True)
class Day:
    """What asks for somebody, whom to leave in peace, and what was settled today."""

    tasks: Sequence[Suggestion]
    has_more: bool
    resting: Sequence[Suggestion]
    rests_more: bool
    settled: Sequence[Suggestion]

    @property
    def minutes(self) -> int:
        return minutes_for(task.rank for task in self.tasks)

    @property
    def beads(self) -> list[bool]:
        """A bead for each task of the day: those done, then those left."""
        done = sum(each.rank != Call.REST for each in self.settled)
        return [True] * min(done, MOST) + [False] * len(self.tasks)


def day_of(shop: Shop, *, now: datetime) -> Day:
    """The shop's day as it stands now."""
    settled = list(settled_since(shop.pk, midnight(shop, now))[:SETTLED_SHOWN])
    waiting = list(to_do(shop.pk, now=now)[: MOST + 1])
    size = portion([task.rank for task in waiting], done=[each.rank for each in settled])
    resting = list(to_leave(shop.pk, now=now)[: RESTING_SHOWN + 1])
    return Day(
        tasks=waiting[:size],
        has_more=len(waiting) > size,
        resting=resting[:RESTING_SHOWN],
        rests_more=len(resting) > RESTING_SHOWN,
        settled=settled,
    )


def portion(waiting: Sequence[int], *, done: Iterable[int]) -> int:
    """How many of the waiting, by their ranks, still belong to today.

    A day ends: what was done today counts towards one sitting. Only what must be solved is
    never left for tomorrow.
    """
    spent = minutes_for(done)
    size = 0
    for rank in waiting[:MOST]:
        if rank != Call.SOLVE and spent >= SITTING:
            break
        spent += MINUTES[Call(rank)]
        size += 1
    return size


def minutes_for(ranks: Iterable[int]) -> int:
    return sum(MINUTES[Call(rank)] for rank in ranks)
