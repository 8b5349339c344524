from datetime import date

from django.utils import timezone

from crm.customers.models import Customer
from crm.followups.selectors import proposed_from_history, waiting_for_advice
from crm.followups.services import FROM_HISTORY_A_DAY, has_fresh_fact, propose
from crm.ledger.selectors import referrers_of
from crm.shops.models import Shop
from crm.stages.enums import Mark
from crm.stages.models import Relationship
from crm.stages.services import reassess
from crm.work.registry import every_day, handler
from crm.work.services import mark_many

every_day("propose", hour=5)


@handler("review")
def review(customer_id: int) -> None:
    """Judge a customer anew and propose what suits, in one transaction."""
    customer = Customer.objects.select_related("shop").filter(pk=customer_id).first()
    if customer is None:
        return
    now = timezone.now()
    first_bought_on = _first_bought_on(customer)
    assessment = reassess(customer=customer, now=now)
    if _first_bought_on(customer) != first_bought_on:
        # An introduction counts from the first purchase of the person introduced.
        referrers = referrers_of(shop_id=customer.shop_id, customer_id=customer.pk)
        mark_many("review", referrers, shop_id=customer.shop_id)
    if assessment is not None:
        # Eighteen months of imported orders are no reason to do something about each of them;
        # what is unresolved is, however long ago it began.
        may_add = Mark.RECOVERY_FIRST in assessment.marks or has_fresh_fact(customer, now)
        propose(customer=customer, assessment=assessment, now=now, may_add=may_add)


@handler("propose")
def propose_from_history(shop_id: int) -> None:
    """A few suggestions a day for relationships that nothing fresh has happened to."""
    now = timezone.now()
    midnight = now.astimezone(Shop.objects.get(pk=shop_id).zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    left = FROM_HISTORY_A_DAY - proposed_from_history(shop_id, since=midnight)
    for customer in waiting_for_advice(shop_id, limit=max(left, 0)):
        assessment = reassess(customer=customer, now=now)
        if assessment is not None:
            propose(customer=customer, assessment=assessment, now=now, is_timely=False)


def _first_bought_on(customer: Customer) -> date | None:
    rows = Relationship.objects.filter(shop_id=customer.shop_id, customer=customer)
    return rows.values_list("first_on", flat=True).first()
