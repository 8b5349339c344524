"""The two tasks Celery knows. Both may run twice, late or never: the rows decide."""

import time

from celery import shared_task

from crm.work import bell, calendar
from crm.work.registry import handlers
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
    """Do the due rows of a kind; how many were done."""
    until = time.monotonic() + SLICE
    done = work_off(kind, seconds=SLICE)
    # Only when time ran out: what cannot be claimed now is in other hands, and ringing
    # for it would have the workers spin until those let go.
    if time.monotonic() >= until:
        bell.ring(kind)
    return done


def work_off(kind: str, *, seconds: float = SLICE) -> int:
    """Claim and run until nothing is due or the time is over; how many were done."""
    if kind not in handlers:
        return 0  # a message of another release
    until = time.monotonic() + seconds
    done = 0
    while time.monotonic() < until and (rows := claim(kind)):
        while rows and time.monotonic() < until:
            done += run(rows.pop(0))
        release(rows)
    return done
