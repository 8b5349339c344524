from crm.customers.erasing import forget_rows
from crm.customers.models import Customer
from crm.customers.registry import Person
from crm.work.registry import handler


@handler("forget")
def forget(customer_id: int) -> None:
    """Forget what somebody who knew a person just before they were erased has written since."""
    customer = Customer.objects.filter(pk=customer_id, erased_at__isnull=False).first()
    if customer is not None:
        forget_rows(Person(customer.shop_id, frozenset({customer.pk})))
