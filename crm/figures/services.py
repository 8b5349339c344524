from datetime import date

from crm.figures.counting import count
from crm.figures.models import KeptFigures
from crm.figures.periods import Period
from crm.shops.models import Shop


def keep_figures(*, shop: Shop, days: int, until_on: date) -> None:
    """Count a period anew and keep what came out in place of what there was."""
    numbers = count(shop, Period(until_on, days, shop.zone))
    KeptFigures.objects.update_or_create(
        shop=shop, days=days, defaults={"until_on": until_on, "numbers": numbers}
    )
