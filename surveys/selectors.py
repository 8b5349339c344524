from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from crm.customers.enums import VOID, PurchaseStatus
from crm.customers.models import Customer, Purchase
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailState
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from crm.stages.selectors import rule_of
from surveys.enums import AFTER_DELIVERY, LeftOut, Occasion
from surveys.models import Invitation, Survey

#: How long an answer may be corrected: to the end of this day after it, in the shop's zone.
DAYS_TO_CORRECT = 7

#: An order we hear of later than this is history, and history causes no contact.
FRESH = timedelta(days=3)

#: A question that could not be asked in time is not asked at all.
TOO_LATE = timedelta(days=14)

#: How far back orders are looked through; a parcel that takes longer is not asked about.
LONGEST_DELIVERY = timedelta(days=180)


def correctable_until(answered_at: datetime, zone: ZoneInfo) -> datetime:
    """The end of the last day on which an answer may be corrected."""
    day = answered_at.astimezone(zone).date() + timedelta(days=DAYS_TO_CORRECT)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone)


def surveys_by_kind(shop_id: int) -> dict[str, Survey]:
    """The surveys a shop has begun."""
    return {survey.kind: survey for survey in Survey.objects.filter(shop_id=shop_id)}


def purchases_to_ask(survey: Survey, occasion: Occasion, *, now: datetime) -> QuerySet[Purchase]:
    """The orders whose time to be asked about has come, and that nobody has asked about yet.

    History never causes a contact: an order counts only when it was placed after the
    survey was switched on and we heard of it within three days. Renewals are no new
    decision; an order whose moment was missed by two weeks is left in peace.
    """
    return orders_considered(survey, occasion, now=now, until=now).filter(left_out="")  # type: ignore[misc]


def orders_considered(
    survey: Survey, occasion: Occasion, *, now: datetime, until: datetime
) -> QuerySet[Purchase]:
    """Every order that nobody has been asked about yet and whose moment, `ask_at`, comes by
    `until`; with the reason for which it is `left_out`, a LeftOut or ""."""
    is_after = occasion in AFTER_DELIVERY
    asked = Invitation.objects.filter(
        shop_id=OuterRef("shop_id"),
        purchase=OuterRef("pk"),
        occasion__in=AFTER_DELIVERY if is_after else [occasion],
    )
    orders: QuerySet[Any] = Purchase.objects.filter(
        ~Exists(asked), shop_id=survey.shop_id, ordered_at__lte=now
    )
    has_come = Q(delivered_at__isnull=False) | Q(status=PurchaseStatus.DELIVERED)
    orders = _judged(
        orders, survey, occasion, since=survey.switched_on_at, now=now, has_come=has_come
    )
    if is_after:
        is_pair = Exists(expectations(OuterRef("pk"), until=OuterRef("expectable_until")))
        orders = orders.alias(expectable_until=expectable_until(survey.shop))
        orders = orders.filter(is_pair if occasion == Occasion.EVALUATION else ~is_pair)
    if occasion == Occasion.EXPECTATION:
        return orders.annotate(ask_at=F("ordered_at")).filter(ordered_at__gt=now - FRESH)
    ask_at = Coalesce(
        F("delivered_at") + timedelta(days=survey.days_after_delivery),
        F("ordered_at") + timedelta(days=survey.days_after_order),
    )
    return orders.annotate(ask_at=ask_at).filter(
        ordered_at__gt=now - LONGEST_DELIVERY, ask_at__lte=until, ask_at__gt=now - TOO_LATE
    )


def orders_for_trial(
    survey: Survey, occasion: Occasion, *, since: datetime, now: datetime
) -> QuerySet[Purchase]:
    """The orders placed since then, as if the survey had been on all along: each with the
    reason for which it would have been `left_out`."""
    orders = Purchase.objects.filter(
        shop_id=survey.shop_id, ordered_at__gt=since, ordered_at__lte=now
    ).annotate(ask_at=F("ordered_at"))
    had_come = Q(delivered_at__lte=F("created_at"))  # when we heard of it
    return _judged(orders, survey, occasion, since=since, now=now, has_come=had_come)


def _judged(
    orders: QuerySet[Purchase],
    survey: Survey,
    occasion: Occasion,
    *,
    since: datetime | None,
    now: datetime,
    has_come: Q,
) -> QuerySet[Purchase]:
    """The orders, oldest first, each with the first reason to leave it out; "" for none. `since`
    is when the survey was switched on."""
    reasons: list[tuple[LeftOut, Any]] = [
        (LeftOut.BEFORE, Q(ordered_at__lte=since) if since else Q(pk__isnull=False)),
        (LeftOut.HEARD_LATE, Q(created_at__gt=F("ordered_at") + FRESH)),
        (LeftOut.NOBODY, Q(customer=None)),
        (LeftOut.GONE, Q(customer__erased_at__isnull=False) | ~Q(customer__merged_into=None)),
        (LeftOut.NO_ADDRESS, Q(customer__email_norm="")),
        (LeftOut.MASKED_ADDRESS, Q(customer__is_contactable=False)),
        (LeftOut.VOID, Q(status__in=VOID) | Q(refunded__gt=0, refunded__gte=F("total"))),
        (LeftOut.RENEWAL, Q(subscription_no__gt=1)),
    ]
    if occasion == Occasion.EXPECTATION:
        reasons.append((LeftOut.HAS_COME, has_come))
    if occasion == Occasion.NPS:
        lately = now - timedelta(days=survey.repeat_days)
        reasons += [
            (LeftOut.NOT_LANDED, ~_is_landed()),
            (LeftOut.ASKED_LATELY, _was_asked_nps(since=lately)),
        ]
    left_out = Case(
        *(When(condition, then=Value(reason.value)) for reason, condition in reasons),
        default=Value(""),
        output_field=CharField(),
    )
    return (
        orders.annotate(left_out=left_out).select_related("customer").order_by("ordered_at", "pk")
    )


def expectable_until(shop: Shop, purchase: str = "") -> Coalesce:
    """Until when an expectation of an order is one: to its delivery or, while that is unknown,
    to the end of a day soon after the order (stages.md, section 1, `balance`). `purchase` leads
    to the order from the row that is read, such as "invitation__purchase__"."""
    days = timedelta(days=rule_of(shop.pk).expectation_days + 1)  # to the end of the last of them
    # Not Trunc, which leaves the zone to Python: this is a moment in the database too.
    ordered_on = Func(
        Value("day"),
        F(f"{purchase}ordered_at"),
        Value(shop.time_zone),
        function="date_trunc",
        output_field=DateTimeField(),
    )
    return Coalesce(F(f"{purchase}delivered_at"), ordered_on + days)


def expectations(purchase: OuterRef, *, until: OuterRef) -> QuerySet[Touchpoint]:
    """What was expected of an order of the outer query before a moment of it, the latest first;
    every version of an answer."""
    return Touchpoint.objects.filter(
        shop_id=OuterRef("shop_id"),
        purchase=purchase,
        kind=Kind.EXPECTATION,
        standing=Standing.COUNTS,
        value__isnull=False,
        at__lt=until,
    ).order_by("-at", "-pk")


def stage_of(customer: Customer) -> int:
    """Where the person stands; an Observer while nobody has judged them."""
    row = Relationship.objects.filter(shop_id=customer.shop_id, customer=customer).first()
    return row.stage if row else Stage.OBSERVER


def overtaken_expectations(shop_id: int) -> QuerySet[Invitation]:
    """Invitations to say what is expected of a parcel that meanwhile arrived."""
    return Invitation.objects.filter(
        Q(purchase__delivered_at__isnull=False) | Q(purchase__status=PurchaseStatus.DELIVERED),
        shop_id=shop_id,
        occasion=Occasion.EXPECTATION,
        mail__state=MailState.DUE,
    ).select_related("mail")


def is_of_somebody_erased(shop_id: int, invitation_id: int) -> bool:
    """Whether this question was put to somebody who asked to be forgotten since."""
    return Invitation.objects.filter(
        shop_id=shop_id, pk=invitation_id, customer__erased_at__isnull=False
    ).exists()


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
