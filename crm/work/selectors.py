from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet

from crm.work.models import Work


def heartbeat_age() -> timedelta | None:
    """How long ago the last tick was, by the database's clock; None before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - at FROM crm_heartbeat WHERE name = 'tick'")
        row = cursor.fetchone()
    return row[0] if row else None


def parked(shop_id: int) -> QuerySet[Work]:
    """The shop's work that failed five times and waits for a person, newest first."""
    return Work.objects.filter(shop_id=shop_id, parked_at__isnull=False).order_by("-id")
