from datetime import date

from django.utils import timezone

from crm.customers.models import Customer
from crm.followups.digest import send_digest
from crm.followups.selectors import midnight, proposed_from_history, waiting_for_advice
from crm.followups.services import FROM_HISTORY_A_DAY, expire_spent, has_fresh_fact, propose
from crm.followups.settling import settle_by_mail
from crm.ledger.selectors import referrers_of
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.stages.enums import Mark
from crm.stages.models import Relationship
from crm.stages.services import reassess
from crm.work.registry import every_day, handler
from crm.work.services import mark_many

every_day("propose", hour=5)
every_day("digest", hour=8)


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


@handler("letter")
def hear_of_letter(mail_id: int) -> None:
    """A letter came to its end: whoever approved it sees what became of it."""
    mail = Mail.objects.select_related("shop").filter(pk=mail_id).first()
    if mail is not None:
        settle_by_mail(mail=mail, now=timezone.now())


@handler("propose")
def propose_from_history(shop_id: int) -> None:
    """Let go of what is of no more use; then a few suggestions a day for relationships that
    nothing fresh has happened to."""
    now = timezone.now()
    shop = Shop.objects.get(pk=shop_id)
    expire_spent(shop_id=shop_id, today=now.astimezone(shop.zone).date(), now=now)
    left = FROM_HISTORY_A_DAY - proposed_from_history(shop_id, since=midnight(shop, now))
    for customer in waiting_for_advice(shop_id, limit=max(left, 0)):
        assessment = reassess(customer=customer, now=now)
        if assessment is not None:
            propose(customer=customer, assessment=assessment, now=now, is_timely=False)


@handler("digest")
def digest(shop_id: int) -> None:
    """The morning's letter to those who work here."""
    send_digest(shop=Shop.objects.get(pk=shop_id), now=timezone.now())


def _first_bought_on(customer: Customer) -> date | None:
    rows = Relationship.objects.filter(shop_id=customer.shop_id, customer=customer)
    return rows.values_list("first_on", flat=True).first()
