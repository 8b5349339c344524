"""What the calendar asks of the stage rule: time alone moves people, and the shop's figures age."""

from datetime import timedelta

from django.utils import timezone

from crm.customers.selectors import present_customers
from crm.shops.models import Shop
from crm.stages.selectors import batches_of, lapsing_customers, rule_of
from crm.stages.services import is_yardstick_due, renew_yardstick
from crm.work.registry import every_day, handler
from crm.work.services import mark_many

every_day("yardstick", hour=2)
every_day("lapse", hour=3)


@handler("lapse")
def mark_lapsing(shop_id: int) -> None:
    """Have those looked at for whom something differs from today on, though nothing happened."""
    shop = Shop.objects.get(pk=shop_id)
    today = timezone.now().astimezone(shop.zone).date()
    for batch in batches_of(lapsing_customers(shop_id, today)):
        mark_many("review", batch, shop_id=shop_id)


@handler("yardstick")
def renew_monthly(shop_id: int) -> None:
    """Measure the shop to the end of yesterday where its figures are old, and judge all by it."""
    shop = Shop.objects.get(pk=shop_id)
    yesterday = timezone.now().astimezone(shop.zone).date() - timedelta(days=1)
    if not is_yardstick_due(shop=shop, day=yesterday):
        return
    renew_yardstick(shop=shop, day=yesterday, rule=rule_of(shop_id))
    for batch in batches_of(present_customers(shop_id)):
        mark_many("review", batch, shop_id=shop_id)
