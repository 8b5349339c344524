from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from crm.work.models import Work
from crm.work.registry import handlers, queues

#: A row `w` that a worker may have now.
CLAIMABLE = (
    "w.parked_at IS NULL AND w.due_at <= now() AND (w.lease_until IS NULL OR w.lease_until < now())"
)


def due_shops(kind: str) -> str:
    """Common table expressions that end in `due_shops`, the shops with a claimable row.

    `kind` is SQL too. Found shop by shop along the index (a loose scan), so that the cost
    follows the number of shops with any such work, neither the length of the longest queue
    nor the many rows that are due some later day.
    """
    return f"""
        shops AS (
            (SELECT w.shop_id FROM crm_work w WHERE w.kind = {kind} AND w.parked_at IS NULL
              ORDER BY w.shop_id LIMIT 1)
            UNION ALL
            SELECT (SELECT w.shop_id FROM crm_work w
                     WHERE w.kind = {kind} AND w.parked_at IS NULL AND w.shop_id > shops.shop_id
                     ORDER BY w.shop_id LIMIT 1)
              FROM shops WHERE shops.shop_id IS NOT NULL
        ), due_shops AS (
            SELECT shops.shop_id
              FROM shops,  -- by the index: EXISTS would become a join with all rows
                   LATERAL (SELECT FROM crm_work w WHERE w.kind = {kind}
                               AND w.shop_id = shops.shop_id AND {CLAIMABLE}
                             ORDER BY w.due_at LIMIT 1) AS first
        )
    """  # noqa: S608  (words of ours only)


def heartbeat_age() -> timedelta | None:
    """How long ago the last tick was, by the database's clock; None before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - at FROM crm_heartbeat WHERE name = 'tick'")
        row = cursor.fetchone()
    return row[0] if row else None


def kinds_due() -> list[str]:
    """The kinds that have a row to be done now."""
    of_no_shop = [kind for kind, queue in queues.items() if queue.is_due()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT name FROM unnest(%s::text[]) AS kind (name)
             WHERE EXISTS (WITH RECURSIVE {due_shops("kind.name")} SELECT FROM due_shops)
            """,  # noqa: S608
            [list(handlers)],
        )
        return [*of_no_shop, *(name for (name,) in cursor.fetchall())]


def parked(shop_id: int) -> QuerySet[Work]:
    """The shop's work that failed five times and waits for a person, newest first."""
    return Work.objects.filter(shop_id=shop_id, parked_at__isnull=False).order_by("-id")


def waiting(kind: str, *, shop_id: int, most: int = 10_000) -> int:
    """How many rows of this kind wait to be done now; `most` stands for as many or more."""
    rows = Work.objects.filter(shop_id=shop_id, kind=kind, parked_at=None, due_at__lte=Now())
    return rows[:most].count()
