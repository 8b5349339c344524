"""Which function does which kind of work, and which work the calendar asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Again:
    """A handler's answer "not finished": the row stays and is due again at `at` (now if None).

    `then` runs after the handler's transaction is committed and outside of any, for the
    part of the work that talks to the world; it opens `tenant()` itself. The row stays
    leased meanwhile, and is due at `at` afterwards unless `then` drops it. Should the
    process die in it, the handler is called again when the lease has run out.
    """

    at: datetime | None = None
    then: Callable[[], None] | None = None


Handler = Callable[[int], Again | None]

handlers: dict[str, Handler] = {}
queues: dict[str, "Queue"] = {}
daily: dict[str, int] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does `kind`: it gets the ref inside the shop's `tenant()`.

    It may be called any number of times for one wish, so its effect must be the same
    as of once. A subject that is gone means done: it was erased while queued. It never
    marks its own row, which would have it run without end; it answers `Again`.
    """

    def register(function: Handler) -> Handler:
        handlers[kind] = function
        return function

    return register


def every_day(kind: str, *, hour: int) -> None:
    """Mark `kind` for each shop (ref = the shop's id) once a day from this local hour on."""
    daily[kind] = hour


@dataclass(frozen=True)
class Queue:
    """Work of no shop, which keeps its own rows: mail to those who work here.

    `do_next` claims one row, does it and answers whether that went well; None when none is
    due. It keeps its own count of tries, and raises for nothing that a row is made of.
    """

    is_due: Callable[[], bool]
    do_next: Callable[[], bool | None]


def queue(kind: str, work: Queue) -> None:
    """Have this looked after by the same bell and the same sweep."""
    queues[kind] = work
