from datetime import datetime, timedelta

from django.db import connection

from crm.customers.models import Customer
from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.followups.plays import Situation, choose
from crm.stages.enums import Mark
from crm.stages.rules import Assessment

#: Older facts are history, which comes little by little (tasks.propose_from_history).
FRESH = timedelta(days=3)
FROM_HISTORY_A_DAY = 20


def propose(
    *,
    customer: Customer,
    assessment: Assessment,
    now: datetime,
    may_add: bool = True,
    is_timely: bool = True,
) -> Suggestion | None:
    """What suits this relationship now, once in each stay at a stage; None when nothing does.

    A proposal that no longer suits is overtaken by events, so that a list never holds
    yesterday's advice.
    """
    play = choose(_situation(assessment))
    Suggestion.objects.filter(
        shop_id=customer.shop_id, customer=customer, state=SuggestionState.PROPOSED
    ).exclude(play=play.key if play else "", spell_from_on=assessment.stage_since).update(
        state=SuggestionState.EXPIRED, settled_at=now
    )
    if play is None or not may_add:
        return None
    suggestion, _ = Suggestion.objects.get_or_create(
        shop_id=customer.shop_id,
        customer=customer,
        play=play.key,
        spell_from_on=assessment.stage_since,
        defaults={"proposed_at": now, "is_timely": is_timely},
    )
    return suggestion


def settle(*, suggestion: Suggestion, state: SuggestionState, at: datetime) -> bool:
    """Staff did it or set it aside; False when it was settled before."""
    return bool(
        Suggestion.objects.filter(
            shop_id=suggestion.shop_id, pk=suggestion.pk, state=SuggestionState.PROPOSED
        ).update(state=state, settled_at=at)
    )


def has_fresh_fact(customer: Customer, now: datetime) -> bool:
    """Whether something happened to this customer lately, so that advice would be timely."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT 1 FROM crm_purchase
                            WHERE shop_id = %(shop)s AND customer_id = %(customer)s
                              AND ordered_at > %(since)s)
                OR EXISTS (SELECT 1 FROM crm_touchpoint
                            WHERE shop_id = %(shop)s AND customer_id = %(customer)s
                              AND at > %(since)s)
            """,
            {"shop": customer.shop_id, "customer": customer.pk, "since": now - FRESH},
        )
        return bool(cursor.fetchone()[0])


def _situation(assessment: Assessment) -> Situation:
    facts = assessment.facts
    return Situation(
        stage=assessment.stage,
        is_recovery_first=Mark.RECOVERY_FIRST in assessment.marks,
        balance=facts.balance,
        direction=assessment.direction,
        words=facts.words,
        acts=facts.acts,
        passes=facts.passes,
    )
