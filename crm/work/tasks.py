"""The two tasks Celery knows. Both may run twice, late or never: the rows decide."""

import time

from celery import shared_task

from crm.work import bell, calendar
from crm.work.registry import handlers, queues
from crm.work.selectors import kinds_due
from crm.work.services import claim, release, run

SLICE = 20.0  # seconds; well below the task's limit, then the bell is rung again


@shared_task(name="crm.work.tick")
def tick(**kwargs: object) -> None:
    """Beat's call: note that it came, look at every kind, and mark what the calendar asks."""
    calendar.beat()
    for kind in kinds_due():
        bell.ring(kind)
    calendar.mark_due_days()  # last: should it fail, lost messages are made good all the same


@shared_task(name="crm.work.sweep")
def sweep(kind: str, **kwargs: object) -> int:
    """Do what is due, of this kind first and then of each in turn; how many were done.

    In turn, because a flood of one kind comes with a flood of messages, behind which the
    messages of all others wait.
    """
    until = time.monotonic() + SLICE
    kinds = (
        [kind] if kind in handlers or kind in queues else []
    )  # else a message of another release
    done = 0
    while kinds and time.monotonic() < until:
        tried = [is_done for each in kinds for is_done in _try_some(each, until)]
        done += sum(tried)
        # What is due and cannot be claimed is in other hands: looking on would be spinning.
        kinds = kinds_due() if tried else []
    if time.monotonic() >= until:
        bell.ring(kind)
    return done


def work_off(kind: str, *, seconds: float = SLICE) -> int:
    """Do what is due of this kind, until nothing is or the time is over; how many were done."""
    until = time.monotonic() + seconds
    done = 0
    while time.monotonic() < until and (tried := _try_some(kind, until)):
        done += sum(tried)
    return done


def _try_some(kind: str, until: float) -> list[bool]:
    """Claim once and run while there is time; of each row begun, whether it was done."""
    outcomes: list[bool] = []
    if kind in queues:
        while time.monotonic() < until and (done := queues[kind].do_next()) is not None:
            outcomes.append(done)
        return outcomes
    rows = claim(kind)
    while rows and time.monotonic() < until:
        outcomes.append(run(rows.pop(0)))
    release(rows)
    return outcomes
