"""What must happen once a day in each shop, each in its own time zone."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from crm.work.registry import daily
from crm.work.services import mark_shops


def beat() -> None:
    """Write that beat, broker and a worker are alive."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO crm_heartbeat (name, at) VALUES ('tick', now())
            ON CONFLICT (name) DO UPDATE SET at = now()
            """
        )


def mark_due_days() -> int:
    """Mark each daily kind for every shop whose local day has reached its hour; how many.

    Two beats at once mark once, and a beat that was away for days catches up once, not
    once a day.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, time_zone, now() FROM crm_shop ORDER BY id")
        # Python reads the zones and not PostgreSQL, whose list may be older than the one a
        # shop's zone was checked against; an unknown name would stop the day of every shop.
        local = {shop_id: now.astimezone(ZoneInfo(zone)) for shop_id, zone, now in cursor}
    return sum(
        _begin_days(kind, {shop: at.date() for shop, at in local.items() if at.hour >= hour})
        for kind, hour in daily.items()
    )


@transaction.atomic
def _begin_days(kind: str, days: dict[int, date]) -> int:
    """Note the days not yet noted, and mark their shops in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO crm_perioddone (shop_id, kind, day)
            SELECT shop_id, %(kind)s, day
              FROM unnest(%(shops)s::bigint[], %(days)s::date[]) AS today (shop_id, day)
             WHERE NOT EXISTS (SELECT FROM crm_perioddone d WHERE d.kind = %(kind)s
                                  AND d.shop_id = today.shop_id AND d.day = today.day)
            ON CONFLICT DO NOTHING RETURNING shop_id
            """,
            {"kind": kind, "shops": list(days), "days": list(days.values())},
        )
        begun = [shop_id for (shop_id,) in cursor.fetchall()]
    mark_shops(kind, begun)
    return len(begun)
