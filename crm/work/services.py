"""Mark, claim, run, finish, park: the life of a work row.

Every instant here is the database's clock, so that a machine whose clock is wrong
neither steals leases nor delays work.
"""

import logging
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection

from crm.tenancy.door import tenant
from crm.work.bell import ring_after_commit
from crm.work.registry import Again, handlers
from crm.work.selectors import CLAIMABLE, due_shops

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
    lease_until: datetime


def mark(key: str, *, shop_id: int, due_at: datetime | None = None) -> None:
    """Wish for the work `key`, such as "review:42", in the present transaction.

    Wishing again while it waits adds no row; wishing while it runs has it done once more,
    for the present run may have read the facts too early. A parked row is taken up again.
    LookupError for a kind that nobody does: its row would wait for ever, unseen.

    `due_at` None means now, and an earlier wish wins: it says "no later than". A handler
    called too early sees so from its subject and answers `Again(at=…)`; it never marks its
    own row. Mark last: another who marks the same key waits for this transaction.
    """
    kind, _, ref = key.partition(":")
    mark_many(kind, [int(ref)], shop_id=shop_id, due_at=due_at)


def mark_many(
    kind: str, refs: Iterable[int], *, shop_id: int, due_at: datetime | None = None
) -> None:
    """As `mark`, for many subjects of one kind, in the order that avoids deadlocks."""
    _wish(kind, [(shop_id, ref) for ref in sorted(set(refs))], due_at)


def mark_shops(kind: str, shop_ids: Iterable[int]) -> None:
    """As `mark`, for work about each of these shops itself: the ref is the shop's id."""
    _wish(kind, [(shop_id, shop_id) for shop_id in sorted(set(shop_ids))], None)


def _wish(kind: str, subjects: Sequence[tuple[int, int]], due_at: datetime | None) -> None:
    if kind not in handlers:
        raise LookupError(f"No handler does {kind!r}")
    if not subjects:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO crm_work (shop_id, kind, ref, due_at)
            SELECT shop_id, %s, ref, COALESCE(%s, now())
              FROM unnest(%s::bigint[], %s::bigint[]) AS subject (shop_id, ref)
            ON CONFLICT (shop_id, kind, ref) DO UPDATE
               SET seq = crm_work.seq + 1,
                   due_at = LEAST(crm_work.due_at, excluded.due_at),
                   attempts = CASE WHEN crm_work.parked_at IS NULL THEN crm_work.attempts
                                   ELSE 0 END,
                   parked_at = NULL
            """,
            [kind, due_at, [shop_id for shop_id, _ in subjects], [ref for _, ref in subjects]],
        )
    ring_after_commit(kind)


def claim(kind: str, limit: int = 20) -> list[Claimed]:
    """Lease up to `limit` due rows of shops drawn by lot, at most ten of one shop.

    Of a shop the longest waiting are taken, and all are in the order they were wished for.
    Rows that another claims or marks at this moment are passed over; those whose lease ran
    out are due again. Commits at once.
    """
    with connection.cursor() as cursor:
        # By lot, and evenly: were the longest waiting first among shops too, the floods of
        # two would keep a third waiting until both are drained.
        cursor.execute(
            f"""
            WITH RECURSIVE {due_shops("%(kind)s")}, drawn AS (
                SELECT shop_id FROM due_shops ORDER BY random() LIMIT %(limit)s
            ), share AS (
                SELECT greatest(1, least(%(per_shop)s, %(limit)s / nullif(count(*), 0))) AS of_each
                  FROM drawn
            ), locked AS (
                SELECT work.id
                  FROM drawn, share,
                       LATERAL (SELECT id FROM crm_work w
                                 WHERE kind = %(kind)s AND w.shop_id = drawn.shop_id
                                   AND {CLAIMABLE}
                                 ORDER BY due_at LIMIT share.of_each
                                   FOR UPDATE SKIP LOCKED) AS work
            )
            UPDATE crm_work w SET lease_until = now() + %(lease)s, claim = claim + 1
             WHERE w.id = ANY(ARRAY(SELECT id FROM locked))  -- a join would read all rows
            RETURNING w.id, w.shop_id, w.kind, w.ref, w.seq, w.claim, w.attempts, w.lease_until
            """,  # noqa: S608  (words of ours only)
            {"kind": kind, "per_shop": PER_SHOP, "limit": limit, "lease": LEASE},  # type: ignore[dict-item]  # psycopg knows it
        )
        rows = [Claimed(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: row.id)


def release(rows: Sequence[Claimed]) -> None:
    """Give back claimed rows that were not begun; others may claim them at once."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_work w SET lease_until = NULL
              FROM unnest(%s::bigint[], %s::bigint[]) AS held (id, claim)
             WHERE w.id = held.id AND w.claim = held.claim
            """,
            [[row.id for row in rows], [row.claim for row in rows]],
        )


def run(row: Claimed) -> bool:
    """Do one claimed row inside its shop; effect and finish are one transaction.

    False when it failed (noted on the row, tried again later), was parked for having
    killed its process too often, or belongs to another worker by now.
    """
    if row.attempts >= ATTEMPTS:
        _park(row)
        return False
    begun = _begin(row)
    if begun is None:
        return False
    try:
        _do(begun)
    except FencedError:
        logger.warning("%s:%s ran past its lease; another worker has it", row.kind, row.ref)
        return False
    except Exception as error:
        # The one place that must outlive any fault of any handler: it is logged whole,
        # its place is kept on the row for the shop's eyes, and it is tried again.
        logger.exception("%s:%s failed (attempt %s)", row.kind, row.ref, begun.attempts)
        _record_failure(begun, error)
        return False
    return True


def _do(row: Claimed) -> None:
    with tenant(row.shop_id):
        outcome = handlers[row.kind](row.ref)
        then = outcome.then if outcome else None
        if then:
            _require_lease(row)
        else:
            _finish(row, outcome)
    if then:
        then()
        _finish(row, outcome)


def _begin(row: Claimed) -> Claimed | None:
    """Count the attempt and renew the lease, in a transaction of its own; None if not ours.

    Counted here and not by the claim: a row that kills its process would else take the
    rows claimed with it along, attempt by attempt. Wishes up to now are met by this run.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_work SET attempts = attempts + 1, lease_until = now() + %s
             WHERE id = %s AND claim = %s RETURNING seq, attempts, lease_until
            """,
            [LEASE, row.id, row.claim],  # type: ignore[list-item]
        )
        found = cursor.fetchone()
    if found is None:
        return None
    seq, attempts, lease_until = found
    return replace(row, seq=seq, attempts=attempts, lease_until=lease_until)


def _finish(row: Claimed, outcome: Again | None) -> None:
    """Remove the row, or leave it due; FencedError when another worker has it."""
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
            _require_lease(row)


def _require_lease(row: Claimed) -> None:
    """FencedError unless nobody else can have had the row: ours still, or dropped meanwhile.

    Holds the row until the transaction ends, so that it stays so.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT claim FROM crm_work WHERE id = %s FOR UPDATE", [row.id])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("SELECT clock_timestamp() < %s", [row.lease_until])
            is_ours = cursor.fetchone()[0]
        else:
            is_ours = found[0] == row.claim
    if not is_ours:
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
            [_place_of(error), pause, ATTEMPTS, row.id, row.claim],  # type: ignore[list-item]
        )


def _place_of(error: Exception) -> str:
    """Such as "ValueError at crm.stages.services:41": the innermost line of ours.

    Without the message, which may quote a customer: this table has no wall. The log has it.
    """
    frames = [
        f"{frame.f_globals.get('__name__')}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if "site-packages" not in frame.f_code.co_filename
    ]
    return f"{type(error).__name__} at {frames[-1]}"


def _park(row: Claimed) -> None:
    logger.error("%s:%s is parked: its process was killed each time", row.kind, row.ref)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_work SET parked_at = now(), lease_until = NULL, last_error = 'killed'
             WHERE id = %s AND claim = %s
            """,
            [row.id, row.claim],
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
