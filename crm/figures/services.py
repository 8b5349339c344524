from datetime import date

from django.db import connection

from crm.figures.counting import count
from crm.figures.models import KeptFigures
from crm.figures.periods import Period
from crm.shops.models import Shop


def keep_figures(*, shop: Shop, days: int, until_on: date) -> None:
    """Count a period anew and keep what came out in place of what there was."""
    with connection.cursor() as cursor:
        # No page waits for it: the limit on a statement gives way to that on a worker's task.
        cursor.execute("SET LOCAL statement_timeout = 0")
    numbers = count(shop, Period(until_on, days, shop.zone))
    KeptFigures.objects.update_or_create(
        shop=shop, days=days, defaults={"until_on": until_on, "numbers": numbers}
    )
