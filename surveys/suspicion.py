"""What makes an answer look like a machine's. Pure.

Mail scanners open every link, run scripts and press buttons, within seconds and without a
word. A suspected answer is kept and shown, left out of every count, and counted again when
staff say so; a person's answer always takes its place.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.enums import Signal

AFTER_OPENING = timedelta(seconds=2)
AFTER_SENDING = timedelta(seconds=30)
RAPID = timedelta(minutes=1)
SEVERAL = 3


@dataclass(frozen=True)
class Arrival:
    """How an answer came: `opened_at` None when no page of ours was opened for it,
    `mailed_at` None when the mail server has not told us yet."""

    at: datetime
    opened_at: datetime | None
    mailed_at: datetime | None
    fell_in_trap: bool
    has_words: bool


def signals_of(arrival: Arrival) -> list[Signal]:
    """Every sign of a machine; none for a person who reads, thinks and presses."""
    since_opening = arrival.at - arrival.opened_at if arrival.opened_at else None
    since_mailing = arrival.at - arrival.mailed_at if arrival.mailed_at else None
    signs = {
        Signal.TRAP: arrival.fell_in_trap,
        Signal.UNOPENED: since_opening is None,
        Signal.TOO_FAST: since_opening is not None and since_opening < AFTER_OPENING,
        # A person with the mail just open can be this fast; only no machine writes words.
        Signal.SOON: (
            since_mailing is not None and since_mailing < AFTER_SENDING and not arrival.has_words
        ),
    }
    return [signal for signal, is_so in signs.items() if is_so]


def is_rapid_fire(scores: Collection[int], *, since_first: timedelta) -> bool:
    """Whether these different scores of one invitation came as when every button is tried."""
    return len(set(scores)) >= SEVERAL and since_first <= RAPID
