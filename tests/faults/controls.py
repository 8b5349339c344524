"""How a promise is broken, one by one: with it broken its test must fail.

HORETSU_BREAKING names the one that a worker (app.py) or the pages (wsgi.py) do not keep.
"""

import os
from decimal import Decimal
from typing import Any
from uuid import uuid4

from celery import current_app
from django.db import connection, transaction

from crm.ledger import services as ledger
from crm.ledger.enums import Kind
from crm.ledger.services import record_touchpoint
from crm.tenancy.door import tenant
from crm.work import calendar, services, tasks
from crm.work.registry import handlers
from crm.work.services import Claimed, claim
from surveys import views
from surveys.enums import Outcome


def break_promise() -> None:
    """Called before a process begins its work."""
    if name := os.environ.get("HORETSU_BREAKING"):
        globals()[name]()


def takes_the_row_before_the_effect() -> None:
    """As a queue that acknowledges on delivery: the row is gone before the work is done."""

    def claim_for_good(kind: str) -> list[Claimed]:
        rows = claim(kind)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM crm_work WHERE id = ANY(%s)", [[row.id for row in rows]])
        return rows

    def run_without_row(row: Claimed) -> bool:
        with tenant(row.shop_id):
            handlers[row.kind](row.ref)
        return True

    tasks.claim, tasks.run = claim_for_good, run_without_row


def counts_attempts_by_the_claim() -> None:
    """Every row of a batch is charged for the one that killed the process.

    All their leases run out at the same moment, as those of one claim do.
    """

    def claim_and_count(kind: str) -> list[Claimed]:
        rows = claim(kind)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE crm_work SET attempts = attempts + 1 WHERE id = ANY(%s)",
                [[row.id for row in rows]],
            )
        return rows

    tasks.claim = claim_and_count
    services._begin = lambda row: row


def has_no_fence() -> None:
    """Whoever wakes up finishes, whether the row is still theirs or not."""

    def finish_whosever_it_is(row: Claimed, outcome: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM crm_work WHERE id = %s", [row.id])

    services._finish = finish_whosever_it_is


def claims_without_lease() -> None:
    """Everybody who looks gets every row that is there."""

    def look(kind: str) -> list[Claimed]:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT id, shop_id, kind, ref, seq, claim, attempts, now() FROM crm_work
                 WHERE kind = %s AND parked_at IS NULL AND due_at <= now() LIMIT 10
                """,
                [kind],
            )
            return [Claimed(*row) for row in cursor.fetchall()]

    has_no_fence()
    tasks.claim = look


def stays_with_one_kind() -> None:
    """A worker that was rung for one kind does all of it, and nothing else."""
    work_on = tasks.kinds_due
    tasks.kinds_due = lambda: [kind for kind in work_on() if kind == "tally"]


def marks_every_time() -> None:
    """The calendar keeps no note of the days it has begun."""

    def begin(kind: str, days: dict[int, Any]) -> int:
        services.mark_shops(kind, days)
        return len(days)

    calendar._begin_days = begin


def stores_every_answer() -> None:
    """An answer that is sent once more is one more fact."""
    record_once = views.record_answer

    def record_again(*, opened: Any, score: int, at: Any, **said: Any) -> Outcome:
        if opened.answer is None:
            return record_once(opened=opened, score=score, at=at, **said)
        record_touchpoint(
            customer=opened.customer,
            kind=Kind(opened.occasion),
            at=at,
            source=f"again:{uuid4()}",
            value=Decimal(score),
            response=f"surveys.invitation:{opened.id}",
        )
        return Outcome.REPEATED

    views.record_answer = record_again


def reviews_by_message() -> None:
    """The wish to review is a message, sent after the commit, and nowhere else."""

    class Wishes:
        @staticmethod
        def mark(key: str, *, shop_id: int) -> None:
            ids = [shop_id, int(key.partition(":")[2])]
            transaction.on_commit(
                lambda: current_app.send_task("tests.faults.review", args=ids), robust=True
            )

    ledger.work = Wishes
