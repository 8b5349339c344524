"""The two tasks Celery knows. Both may run twice, late or never: the rows decide."""

import time

from celery import shared_task
from django.db import connection

from crm.work import bell, calendar
from crm.work.registry import handlers
from crm.work.services import claim, run

SLICE = 20.0  # seconds; well below the task's limit, then the bell is rung again


@shared_task(name="crm.work.tick")
def tick(**kwargs: object) -> None:
    """Beat's call: note that it came, mark what the calendar asks, and look at every kind."""
    calendar.beat()
    calendar.mark_due_days()
    for kind in kinds_due():
        bell.ring(kind)


@shared_task(name="crm.work.sweep")
def sweep(kind: str, **kwargs: object) -> int:
    """Do the due rows of a kind; how many were done."""
    done = work_off(kind, seconds=SLICE)
    if kind in kinds_due():
        bell.ring(kind)
    return done


def work_off(kind: str, *, seconds: float = SLICE) -> int:
    """Claim and run until nothing is due or the time is over; how many were done."""
    if kind not in handlers:
        return 0  # a message of another release
    until = time.monotonic() + seconds
    done = 0
    while time.monotonic() < until and (rows := claim(kind)):
        for row in rows:
            done += run(row)
    return done


def kinds_due() -> list[str]:
    """The kinds that have a row to be done now."""
    due = []
    with connection.cursor() as cursor:
        for kind in handlers:
            cursor.execute(
                """
                SELECT EXISTS (SELECT 1 FROM crm_work
                                WHERE kind = %s AND parked_at IS NULL AND due_at <= now()
                                  AND (lease_until IS NULL OR lease_until < now()))
                """,
                [kind],
            )
            if cursor.fetchone()[0]:
                due.append(kind)
    return due
