"""The nightly count of the shops that are too large to be counted while a page waits."""

from django.utils import timezone

from crm.figures.models import KeptFigures
from crm.figures.periods import PERIODS
from crm.figures.selectors import is_counted_live, last_complete_day
from crm.figures.services import keep_figures
from crm.shops.models import Shop
from crm.work.registry import Again, every_day, handler

every_day("figures", hour=4)  # after those were looked at whom time alone has moved


@handler("figures")
def renew(shop_id: int) -> Again | None:
    """Count one period a turn, until all are of yesterday; a small shop keeps none."""
    if is_counted_live(shop_id):
        KeptFigures.objects.filter(shop_id=shop_id).delete()
        return None
    shop = Shop.objects.get(pk=shop_id)
    until_on = last_complete_day(timezone.now().astimezone(shop.zone).date())
    kept = KeptFigures.objects.filter(shop=shop, until_on=until_on).values_list("days", flat=True)
    missing = [days for days in PERIODS if days not in set(kept)]
    if not missing:
        return None
    keep_figures(shop=shop, days=missing[0], until_on=until_on)
    return Again() if missing[1:] else None
