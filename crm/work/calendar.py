"""What must happen once a day in each shop, each in its own time zone."""

from django.db import connection

from crm.work.bell import ring_after_commit
from crm.work.registry import daily


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

    The row in period_done and the wish are one statement: two beats at once mark once,
    and a beat that was away for days catches up once, not once a day.
    """
    marked = 0
    for kind, hour in daily.items():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH today AS (
                    INSERT INTO crm_perioddone (shop_id, kind, day)
                    SELECT id, %(kind)s, (now() AT TIME ZONE time_zone)::date FROM crm_shop
                     WHERE extract(hour FROM now() AT TIME ZONE time_zone) >= %(hour)s
                       AND NOT EXISTS (SELECT 1 FROM crm_perioddone d
                            WHERE d.kind = %(kind)s AND d.shop_id = crm_shop.id
                              AND d.day = (now() AT TIME ZONE time_zone)::date)
                    ON CONFLICT DO NOTHING RETURNING shop_id
                )
                INSERT INTO crm_work (shop_id, kind, ref)
                SELECT shop_id, %(kind)s, shop_id FROM today
                ON CONFLICT (shop_id, kind, ref) DO UPDATE
                   SET seq = crm_work.seq + 1, due_at = LEAST(crm_work.due_at, excluded.due_at)
                """,
                {"kind": kind, "hour": hour},
            )
            if cursor.rowcount:
                marked += cursor.rowcount
                ring_after_commit(kind)
    return marked
