from datetime import timedelta

from django.utils import timezone

from crm.shops.models import Shop
from crm.work.registry import Again, every_day, handler
from surveys.inviting import SLICE, invite_due
from surveys.models import Survey
from surveys.reminding import AT_ONCE, remind_due

#: How long an order waits at most before it is looked at; an expectation is asked for early.
EVERY = timedelta(minutes=5)

every_day("invitations", hour=0)  # should the row of a shop ever be lost or parked


@handler("invitations")
def invitations(shop_id: int) -> Again | None:
    """Invite whoever is due in this shop, and look again for as long as a survey is on."""
    if not Survey.objects.filter(shop_id=shop_id, switched_on_at__isnull=False).exists():
        return None
    now = timezone.now()
    shop = Shop.objects.get(pk=shop_id)
    has_more = invite_due(shop=shop, now=now) >= SLICE
    has_more |= remind_due(shop=shop, now=now) >= AT_ONCE
    return Again() if has_more else Again(at=now + EVERY)
