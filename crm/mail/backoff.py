"""When a mail that could not be handed over is tried again."""

from datetime import datetime, timedelta
from typing import Final

#: The wait after the first, second, … try. The last one is kept from then on.
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
_SPREAD: Final = 0.2


def next_try_at(
    *, tries: int, now: datetime, expires_at: datetime, jitter: float
) -> datetime | None:
    """The instant of the next try after `tries` (1 or more) failed; None when it is too late.

    `jitter` in [0, 1) lengthens the wait by up to a fifth, so that the mails held up by
    one outage do not all come back in the same second.
    """
    wait = WAITS[min(tries, len(WAITS)) - 1]
    at = now + wait * (1 + _SPREAD * jitter)
    return at if at < expires_at else None


def pause_until(*, refusals: int, now: datetime) -> datetime:
    """How long to leave a server alone that has refused us `refusals` times in a row.

    A quarter of an hour, then an hour each time: long enough not to be taken for an
    attack, short enough that a mended setting needs nobody to press a button.
    """
    return now + (timedelta(minutes=15) if refusals <= 1 else timedelta(hours=1))
