from datetime import datetime

from django.db import connection

from crm.customers.models import Customer, Purchase
from crm.guard.enums import Moment
from crm.guard.models import GuardDecision
from crm.guard.rules import Case, Decision, decide
from crm.guard.selectors import case_of, limits_of
from crm.mail.enums import Purpose
from crm.mail.models import Mail
from crm.stages.services import reassess


def ask(
    *,
    customer: Customer,
    purpose: Purpose,
    moment: Moment,
    now: datetime,
    purchase: Purchase | None = None,
    mail: Mail | None = None,
) -> Decision:
    """May this person be written to now? The answer and its facts are kept for the timeline.

    The stage is the one as of now: where facts wait for their review, or a day has
    passed on which the stage could lapse, the person is assessed first.
    """
    if _is_stale(customer, now):
        reassess(customer=customer, now=now)
    limits = limits_of(customer.shop_id)
    case = case_of(customer=customer, purpose=purpose, purchase=purchase, now=now, limits=limits)
    decision = decide(case, limits)
    GuardDecision.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        mail=mail,
        purpose=purpose,
        moment=moment,
        verdict=decision.verdict,
        reason=decision.reason,
        until_at=decision.until,
        facts=_facts(case),
    )
    return decision


def _is_stale(customer: Customer, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT 1 FROM crm_work
                            WHERE shop_id = %(shop)s AND kind = 'review' AND ref = %(customer)s)
                OR EXISTS (SELECT 1 FROM crm_relationship
                            WHERE shop_id = %(shop)s AND customer_id = %(customer)s
                              AND LEAST(review_on, remark_on) <= %(today)s)
            """,
            {
                "shop": customer.shop_id,
                "customer": customer.pk,
                "today": now.astimezone(customer.shop.zone).date(),
            },
        )
        return bool(cursor.fetchone()[0])


def _facts(case: Case) -> dict[str, object]:
    """The numbers the decision rested on, without address or name."""
    return {
        "stage": int(case.stage),
        "contacts": sorted(at.isoformat() for at in case.contacts),
        "asks_about_order": case.asks_about_order,
        "has_answered_about_order": case.has_answered_about_order,
        "is_recovery_first": case.is_recovery_first,
        "is_opted_in": case.is_opted_in,
    }
