"""How a promise of crm/work is broken, one each: with it broken its test must fail.

Called in a worker's process before it begins (app.py).
"""

from typing import Any

from django.db import connection

from crm.tenancy.door import tenant
from crm.work import calendar, services, tasks
from crm.work.registry import handlers
from crm.work.services import Claimed, claim


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


def marks_every_time() -> None:
    """The calendar keeps no note of the days it has begun."""

    def begin(kind: str, days: dict[int, Any]) -> int:
        services.mark_shops(kind, days)
        return len(days)

    calendar._begin_days = begin
