from django.utils import timezone

from crm.shops.machines.once import KEPT, forget_replies
from crm.work.registry import every_day, handler

every_day("api_tidy", hour=4)


@handler("api_tidy")
def tidy_up(shop_id: int) -> None:
    """Forget what the API answered a day ago."""
    forget_replies(shop_id=shop_id, before=timezone.now() - KEPT)
