from datetime import datetime, time
from decimal import Decimal

from django.db import connection, transaction

from crm.customers.models import Customer, Purchase
from crm.guard.enums import Channel, Moment
from crm.guard.models import GuardDecision, GuardSettings
from crm.guard.rules import Case, Decision, decide
from crm.guard.selectors import case_of, limits_of
from crm.mail.enums import Purpose
from crm.mail.models import Mail
from crm.shops.audit import record
from crm.shops.enums import Act
from crm.shops.models import Shop, User
from crm.stages.selectors import rule_of
from crm.stages.services import change_rule, reassess


def ask(
    *,
    customer: Customer,
    purpose: Purpose,
    moment: Moment,
    now: datetime,
    purchase: Purchase | None = None,
    mail: Mail | None = None,
    channel: Channel = Channel.MAIL,
    words: str = "",
    personal_hash: str = "",
) -> Decision:
    """May this person be reached now? The answer and its facts are kept for the timeline.

    The stage is the one as of now: where facts wait for their review, or a day has
    passed on which the stage could lapse, the person is assessed first.
    """
    if _is_stale(customer, now):
        reassess(customer=customer, now=now)
    limits = limits_of(customer.shop_id)
    case = case_of(
        customer=customer,
        purpose=purpose,
        purchase=purchase,
        now=now,
        limits=limits,
        channel=channel,
        words=words,
        personal_hash=personal_hash,
    )
    decision = decide(case, limits)
    GuardDecision.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        mail=mail,
        purpose=purpose,
        channel=channel,
        moment=moment,
        verdict=decision.verdict,
        reason=decision.reason,
        until_at=decision.until,
        facts=_facts(case, decision),
    )
    return decision


@transaction.atomic
def restrain(
    *,
    shop: Shop,
    by: User,
    distance_days: int,
    budget: int,
    night_from: time,
    night_until: time,
    tolerance: Decimal,
) -> None:
    """Change the shop's restraint; and the band that counts as expected, by which everybody is
    then judged anew."""
    GuardSettings.objects.update_or_create(
        shop=shop,
        defaults={
            "distance_days": distance_days,
            "budget": budget,
            "night_from": night_from,
            "night_until": night_until,
        },
    )
    if tolerance != rule_of(shop.pk).tolerance:
        change_rule(shop=shop, tolerance=tolerance)
    record(Act.RULES_CHANGED, shop=shop, by=by)


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


def _facts(case: Case, decision: Decision) -> dict[str, object]:
    """What the decision rested on, without address, name or anybody's words but our own."""
    return {
        "stage": int(case.stage),
        "contacts": sorted(at.isoformat() for at in case.contacts),
        "asks_about_order": case.asks_about_order,
        "has_answered_about_order": case.has_answered_about_order,
        "is_recovery_first": case.is_recovery_first,
        "is_opted_in": case.is_opted_in,
        "measures": sorted({found.measure for found in decision.found}),
    }
