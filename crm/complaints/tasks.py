from django.utils import timezone

from crm.complaints.services import rebuild
from crm.customers.models import Customer
from crm.work.registry import handler


@handler("complaint")
def follow_ledger(customer_id: int) -> None:
    """Open, close or take up again the cases of a customer of whom the ledger heard something."""
    customer = Customer.objects.select_related("shop").filter(pk=customer_id).first()
    if customer is not None:
        rebuild(customer=customer, now=timezone.now())
