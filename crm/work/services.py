"""Mark, claim, run, finish, park: the life of a work row.

Every instant here is the database's clock, so that a machine whose clock is wrong
neither steals leases nor delays work.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from crm.tenancy.door import tenant
from crm.work.bell import ring_after_commit
from crm.work.registry import Again, handlers

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # longer than a task may run (settings: 60 s)
PER_SHOP = 10  # rows of one shop per claim, so that no shop's flood starves another
ATTEMPTS = 5
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


class FencedError(Exception):
    """The lease ran out and another worker has the row: this run must leave no effect."""


@dataclass(frozen=True)
class Claimed:
    id: int
    shop_id: int
    kind: str
    ref: int
    seq: int
    claim: int
    attempts: int


def mark(key: str, *, shop_id: int, due_at: datetime | None = None) -> None:
    """Wish for the work `key`, such as "review:42", in the present transaction.

    Wishing again while it waits or runs adds no row: it is done once more after the
    present run, which may have read the facts too early. `due_at` None means now; an
    earlier time wins. A parked row is taken up again.
    """
    kind, _, ref = key.partition(":")
    mark_many(kind, [int(ref)], shop_id=shop_id, due_at=due_at)


def mark_many(
    kind: str, refs: Iterable[int], *, shop_id: int, due_at: datetime | None = None
) -> None:
    """As `mark`, for many subjects of one kind, in the order that avoids deadlocks."""
    ordered = sorted(set(refs))
    if not ordered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO crm_work (shop_id, kind, ref, due_at)
            SELECT %s, %s, ref, COALESCE(%s, now()) FROM unnest(%s::bigint[]) AS ref
            ON CONFLICT (shop_id, kind, ref) DO UPDATE
               SET seq = crm_work.seq + 1,
                   due_at = LEAST(crm_work.due_at, excluded.due_at),
                   attempts = CASE WHEN crm_work.parked_at IS NULL THEN crm_work.attempts
                                   ELSE 0 END,
                   parked_at = NULL
            """,
            [shop_id, kind, due_at, ordered],
        )
    ring_after_commit(kind)


def claim(kind: str, limit: int = 20) -> list[Claimed]:
    """Lease up to `limit` due rows, at most ten of one shop, the longest waiting first.

    Commits at once. Rows whose lease ran out are due again; those that ran out of
    attempts are parked instead (their process was killed each time).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_work SET parked_at = now(), lease_until = NULL,
                   last_error = COALESCE(NULLIF(last_error, ''), 'the worker was killed')
             WHERE id IN (SELECT id FROM crm_work
                           WHERE kind = %s AND parked_at IS NULL AND due_at <= now()
                             AND attempts >= %s AND (lease_until IS NULL OR lease_until < now())
                           LIMIT 50 FOR UPDATE SKIP LOCKED)
            """,
            [kind, ATTEMPTS],
        )
        # Shop by shop along the index (a loose scan), so that the cost follows the number
        # of shops with something due, not the length of the longest queue.
        cursor.execute(
            """
            WITH RECURSIVE shops AS (
                (SELECT shop_id FROM crm_work WHERE kind = %(kind)s AND parked_at IS NULL
                  ORDER BY shop_id LIMIT 1)
                UNION ALL
                SELECT (SELECT w.shop_id FROM crm_work w
                         WHERE w.kind = %(kind)s AND w.parked_at IS NULL
                           AND w.shop_id > shops.shop_id
                         ORDER BY w.shop_id LIMIT 1)
                  FROM shops WHERE shops.shop_id IS NOT NULL
            ), candidates AS (
                SELECT due.id FROM shops CROSS JOIN LATERAL (
                    SELECT id, due_at FROM crm_work w
                     WHERE w.kind = %(kind)s AND w.shop_id = shops.shop_id
                       AND w.parked_at IS NULL AND w.due_at <= now()
                       AND (w.lease_until IS NULL OR w.lease_until < now())
                     ORDER BY w.due_at LIMIT %(per_shop)s) AS due
                 ORDER BY due.due_at LIMIT %(limit)s
            ), locked AS (
                SELECT id FROM crm_work
                 WHERE id IN (SELECT id FROM candidates)
                   AND parked_at IS NULL AND due_at <= now()
                   AND (lease_until IS NULL OR lease_until < now())
                   FOR UPDATE SKIP LOCKED
            )
            UPDATE crm_work w
               SET lease_until = now() + %(lease)s, claim = claim + 1, attempts = attempts + 1
              FROM locked WHERE w.id = locked.id
            RETURNING w.id, w.shop_id, w.kind, w.ref, w.seq, w.claim, w.attempts
            """,
            {"kind": kind, "per_shop": PER_SHOP, "limit": limit, "lease": LEASE},
        )
        return [Claimed(*row) for row in cursor.fetchall()]


def run(row: Claimed) -> bool:
    """Do one claimed row inside its shop; effect and finish are one transaction.

    False when it failed (noted on the row, tried again later) or was fenced.
    """
    try:
        with tenant(row.shop_id):
            outcome = handlers[row.kind](row.ref)
            _finish(row, outcome)
        if outcome is not None and outcome.then is not None:
            outcome.then()
    except FencedError:
        logger.warning("%s:%s ran past its lease; another worker has it", row.kind, row.ref)
        return False
    except Exception as error:
        # The one place that must outlive any fault of any handler: it is logged whole,
        # kept on the row for the shop's eyes, and tried again.
        logger.exception("%s:%s failed (attempt %s)", row.kind, row.ref, row.attempts)
        _record_failure(row, error)
        return False
    return True


def _finish(row: Claimed, outcome: Again | None) -> None:
    with connection.cursor() as cursor:
        if outcome is None:
            cursor.execute(
                "DELETE FROM crm_work WHERE id = %s AND claim = %s AND seq = %s",
                [row.id, row.claim, row.seq],
            )
            if cursor.rowcount:
                return
        # A new wish came in meanwhile, or the handler asked for more time: it stays.
        cursor.execute(
            """
            UPDATE crm_work
               SET lease_until = NULL, attempts = 0, last_error = '',
                   due_at = CASE WHEN seq = %s AND %s THEN COALESCE(%s, now()) ELSE now() END
             WHERE id = %s AND claim = %s
            """,
            [row.seq, outcome is not None, outcome.at if outcome else None, row.id, row.claim],
        )
        if not cursor.rowcount:
            raise FencedError


def _record_failure(row: Claimed, error: Exception) -> None:
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_work
               SET lease_until = NULL, last_error = %s, due_at = now() + %s,
                   parked_at = CASE WHEN attempts >= %s THEN now() END
             WHERE id = %s AND claim = %s
            """,
            [f"{type(error).__name__}: {error}"[:500], pause, ATTEMPTS, row.id, row.claim],
        )


def unpark(work_id: int, *, shop_id: int) -> bool:
    """Take up a parked row again; False when it is not parked, or not this shop's."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_work SET parked_at = NULL, attempts = 0, due_at = now()
             WHERE id = %s AND shop_id = %s AND parked_at IS NOT NULL RETURNING kind
            """,
            [work_id, shop_id],
        )
        found = cursor.fetchone()
    if found:
        ring_after_commit(found[0])
    return found is not None


def drop(key: str, *, shop_id: int) -> None:
    """Take a wish back, whoever holds it: its subject is settled."""
    kind, _, ref = key.partition(":")
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM crm_work WHERE shop_id = %s AND kind = %s AND ref = %s",
            [shop_id, kind, int(ref)],
        )
