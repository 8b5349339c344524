from datetime import timedelta

from django.utils import timezone

from crm.shops.models import Shop
from crm.work.registry import Again, every_day, handler
from surveys.inviting import SLICE, invite_due
from surveys.models import Survey

#: How long an order waits at most before it is looked at; an expectation is asked for early.
EVERY = timedelta(minutes=5)

every_day("invitations", hour=0)  # should the row of a shop ever be lost or parked


@handler("invitations")
def invitations(shop_id: int) -> Again | None:
    """Invite whoever is due in this shop, and look again for as long as a survey is on."""
    if not Survey.objects.filter(shop_id=shop_id, switched_on_at__isnull=False).exists():
        return None
    now = timezone.now()
    is_whole_slice = invite_due(shop=Shop.objects.get(pk=shop_id), now=now) >= SLICE
    return Again() if is_whole_slice else Again(at=now + EVERY)
