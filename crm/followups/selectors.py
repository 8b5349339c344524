from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from crm.customers.models import Customer
from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.followups.plays import FIRST
from crm.stages.enums import Stage
from crm.stages.models import Relationship


def waiting_for_advice(shop_id: int, *, limit: int) -> list[Customer]:
    """Relationships whose present stay has no suggestion yet, the closest first, at most
    `limit`."""
    advised = Suggestion.objects.filter(
        shop_id=shop_id, customer=OuterRef("customer"), spell_from_on=OuterRef("since_on")
    )
    rows = (
        Relationship.objects.filter(shop_id=shop_id, stage__gt=Stage.OBSERVER)
        .exclude(Exists(advised))
        .select_related("customer__shop")
        .order_by("-stage", "-customer_id")[:limit]
    )
    return [row.customer for row in rows]


def proposed_from_history(shop_id: int, *, since: datetime) -> int:
    """How many suggestions were drawn from history since then."""
    return Suggestion.objects.filter(
        shop_id=shop_id, is_timely=False, proposed_at__gte=since
    ).count()


def first_of_all(shop_id: int) -> QuerySet[Suggestion]:
    """The people who wait for something to be solved, the longest waiting first."""
    return _open(shop_id).filter(play=FIRST).order_by("id")


def open_suggestions(shop_id: int) -> QuerySet[Suggestion]:
    """What else is proposed and not yet settled, newest first."""
    return _open(shop_id).exclude(play=FIRST).order_by("-id")


def _open(shop_id: int) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.filter(shop_id=shop_id, state=SuggestionState.PROPOSED)
    return rows.select_related("customer__relationship")
