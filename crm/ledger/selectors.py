from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint


def referrers_of(*, shop_id: int, customer_id: int) -> list[int]:
    """The ids of the customers who introduced this one."""
    referrals = Touchpoint.objects.filter(
        shop_id=shop_id, other_customer_id=customer_id, kind=Kind.REFERRAL
    )
    return list(referrals.order_by("customer_id").values_list("customer_id", flat=True).distinct())
