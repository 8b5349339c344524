"""Celery for the workers of these tests: the site's own, in a hurry, with work that leaves traces.

HORETSU_BREAKING names one promise of crm/work to break (controls.py), so that a test can
be seen to fail without it.
"""

import os
import signal
import time
from datetime import timedelta

import django
from django.db import connection

from horetsu_site.celery import app

django.setup()

from crm.ledger.models import Touchpoint  # noqa: E402  (Django must be set up before)
from crm.tenancy.door import tenant  # noqa: E402
from crm.work import services, tasks  # noqa: E402
from crm.work.registry import every_day, handler, handlers  # noqa: E402
from tests.faults import controls  # noqa: E402

tasks.SLICE = 2.0
services.LEASE = timedelta(seconds=float(os.environ.get("HORETSU_LEASE", "1")))
services.PAUSES = (timedelta(0),)
app.conf.beat_schedule["tick"]["schedule"] = 0.5
controls.break_promise()


def leave_trace(kind: str, ref: int, *, seen: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fault_trace (kind, ref, pid, seen) VALUES (%s, %s, %s, %s)",
            [kind, ref, os.getpid(), seen],
        )


@handler("tally")
def tally(ref: int) -> None:
    leave_trace("tally", ref)
    time.sleep(0.005)  # so that a kill finds something half done


@handler("perilous")
def perilous(ref: int) -> None:
    """Like a row that no memory is enough for: doing the first one kills the process."""
    leave_trace("perilous", ref)
    if ref == 0:
        os.kill(os.getpid(), signal.SIGKILL)


@handler("freezing")
def freezing(ref: int) -> None:
    """In a worker that freezes, stands still between its effect and its end."""
    leave_trace("freezing", ref)
    if os.environ.get("HORETSU_FREEZES"):
        os.kill(os.getpid(), signal.SIGSTOP)


@handler("nightly")
def nightly(ref: int) -> None:
    leave_trace("nightly", ref)


every_day("nightly", hour=0)

judge = handlers["review"]


@handler("review")
def review(ref: int) -> None:
    """The site's own, which also tells how many facts the customer had before it began."""
    leave_trace("review", ref, seen=Touchpoint.objects.filter(customer=ref).count())
    judge(ref)


@app.task(name="tests.faults.tally")
def tally_by_message(ref: int) -> None:
    """For a control: work that is in the message, and nowhere else."""
    leave_trace("tally", ref)


@app.task(name="tests.faults.review")
def review_by_message(shop_id: int, customer_id: int) -> None:
    """The same, of a customer."""
    with tenant(shop_id):
        review(customer_id)
