from django.utils import timezone

from crm.customers.models import Customer
from crm.followups.selectors import waiting_for_advice
from crm.followups.services import FROM_HISTORY_A_DAY, has_fresh_fact, propose
from crm.stages.services import reassess
from crm.work.registry import every_day, handler

every_day("propose", hour=5)


@handler("review")
def review(customer_id: int) -> None:
    """Judge a customer anew and propose what suits, in one transaction."""
    customer = Customer.objects.select_related("shop").filter(pk=customer_id).first()
    if customer is None:
        return
    now = timezone.now()
    assessment = reassess(customer=customer, now=now)
    if assessment is not None:
        # Eighteen months of imported orders are no reason to do something about each of them.
        is_timely = has_fresh_fact(customer, now)
        propose(customer=customer, assessment=assessment, now=now, is_timely=is_timely)


@handler("propose")
def propose_from_history(shop_id: int) -> None:
    """A few suggestions a day for relationships that nothing fresh has happened to."""
    now = timezone.now()
    for customer in waiting_for_advice(shop_id, limit=FROM_HISTORY_A_DAY):
        assessment = reassess(customer=customer, now=now)
        if assessment is not None:
            propose(customer=customer, assessment=assessment, now=now, is_timely=True)
