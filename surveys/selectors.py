from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from crm.customers.enums import VOID, PurchaseStatus
from crm.customers.models import Purchase
from crm.mail.enums import MailState
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from surveys.enums import Occasion
from surveys.models import Invitation, Response, Survey

#: How long an answer may be corrected: to the end of this day after it, in the shop's zone.
DAYS_TO_CORRECT = 7

#: An order we hear of later than this is history, and history causes no contact.
FRESH = timedelta(days=3)

#: A question that could not be asked in time is not asked at all.
TOO_LATE = timedelta(days=14)

#: How far back orders are looked through; a parcel that takes longer is not asked about.
LONGEST_DELIVERY = timedelta(days=180)

A_YEAR = timedelta(days=365)


def correctable_until(answered_at: datetime, zone: ZoneInfo) -> datetime:
    """The end of the last day on which an answer may be corrected."""
    day = answered_at.astimezone(zone).date() + timedelta(days=DAYS_TO_CORRECT)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone)


def surveys_by_kind(shop_id: int) -> dict[str, Survey]:
    """The surveys a shop has begun."""
    return {survey.kind: survey for survey in Survey.objects.filter(shop_id=shop_id)}


def responses_to(survey: Survey, *, only_suspected: bool = False) -> QuerySet[Response]:
    """The answers to a survey with who gave them and their words."""
    responses = Response.objects.filter(
        shop_id=survey.shop_id, invitation__survey=survey
    ).select_related("invitation__customer", "touchpoint__text_row", "judged_by")
    return responses.filter(is_suspected=True) if only_suspected else responses


def purchases_to_ask(survey: Survey, occasion: Occasion, *, now: datetime) -> QuerySet[Purchase]:
    """The orders whose time to be asked about has come, and that nobody has asked about yet.

    History never causes a contact: an order counts only when it was placed after the
    survey was switched on and we heard of it within three days. Renewals are no new
    decision; an order whose moment was missed by two weeks is left in peace.
    """
    asked = Invitation.objects.filter(
        shop_id=OuterRef("shop_id"), purchase=OuterRef("pk"), occasion=occasion
    )
    fresh = (
        Purchase.objects.filter(
            shop_id=survey.shop_id,
            ordered_at__gt=survey.switched_on_at,
            ordered_at__lte=now,
            created_at__lte=F("ordered_at") + FRESH,
            customer__is_contactable=True,
            customer__erased_at=None,
            customer__merged_into=None,
        )
        .exclude(customer__email_norm="")
        .exclude(status__in=VOID)
        .exclude(refunded__gt=0, refunded__gte=F("total"))
        .exclude(subscription_no__gt=1)
        .filter(~Exists(asked))
        .select_related("customer")
        .order_by("ordered_at", "pk")
    )
    if occasion == Occasion.EXPECTATION:
        undelivered = fresh.filter(delivered_at=None).exclude(status=PurchaseStatus.DELIVERED)
        return undelivered.filter(ordered_at__gt=now - FRESH)
    if occasion == Occasion.NPS:
        fresh = fresh.filter(_is_landed(), ~_was_asked_nps(since=now - A_YEAR))
    due_at = Coalesce(
        F("delivered_at") + timedelta(days=survey.days_after_delivery),
        F("ordered_at") + timedelta(days=survey.days_after_order),
    )
    return fresh.alias(ask_at=due_at).filter(
        ordered_at__gt=now - LONGEST_DELIVERY, ask_at__lte=now, ask_at__gt=now - TOO_LATE
    )


def overtaken_expectations(shop_id: int) -> QuerySet[Invitation]:
    """Invitations to say what is expected of a parcel that meanwhile arrived."""
    return Invitation.objects.filter(
        Q(purchase__delivered_at__isnull=False) | Q(purchase__status=PurchaseStatus.DELIVERED),
        shop_id=shop_id,
        occasion=Occasion.EXPECTATION,
        mail__state=MailState.DUE,
    ).select_related("mail")


def _is_landed() -> Exists:
    return Exists(
        Relationship.objects.filter(
            shop_id=OuterRef("shop_id"), customer=OuterRef("customer"), stage__gte=Stage.LANDING
        )
    )


def _was_asked_nps(*, since: datetime) -> Exists:
    return Exists(
        Invitation.objects.filter(
            shop_id=OuterRef("shop_id"),
            customer=OuterRef("customer"),
            occasion=Occasion.NPS,
            invited_at__gt=since,
        )
    )
