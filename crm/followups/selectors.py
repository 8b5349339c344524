from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.customers.enums import VOID
from crm.customers.models import Customer, Purchase
from crm.followups.enums import OPEN, Call, SuggestionState
from crm.followups.models import Suggestion
from crm.followups.situation import WAITS_FOR, Situation, Told
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from crm.stages.rules import Assessment
from crm.stages.selectors import rule_of

_NOT_SAID = frozenset({Standing.SUSPECTED, Standing.WITHDRAWN})


def situation_of(customer: Customer, assessment: Assessment, *, now: datetime) -> Situation:
    """What a choice of plays rests on: the assessment, what is unanswered, the latest order."""
    facts = assessment.facts
    bought_on, delivered_on = _latest_order(customer)
    return Situation(
        stage=assessment.stage,
        today=assessment.as_of,
        since_on=assessment.stage_since,
        marks=frozenset(assessment.marks),
        balance=facts.balance,
        direction=assessment.direction,
        recovered=facts.recovered,
        nps=facts.nps,
        orders=facts.orders,
        purchase_days=facts.purchase_days,
        acts=facts.acts,
        passes=facts.passes,
        bought_on=bought_on,
        delivered_on=delivered_on,
        told=told_by(customer, since=now - WAITS_FOR),
        trouble=_trouble(assessment),
    )


def told_by(customer: Customer, *, since: datetime) -> tuple[Told, ...]:
    """What this customer said and did since then, newest first; of an edited fact its latest."""
    return _told(said_by(customer).filter(at__gte=since), customer)


def waiting_among(customer: Customer, facts: Iterable[int], *, now: datetime) -> dict[int, Call]:
    """Those of these facts that nobody answered yet, each with what it asks of us."""
    rows = said_by(customer).filter(pk__in=list(facts), at__gte=now - WAITS_FOR)
    waiting = [told for told in _told(rows, customer) if not told.is_answered]
    return {told.id: told.asks_for for told in waiting if told.asks_for is not None}


def _told(facts: QuerySet[Touchpoint], customer: Customer) -> tuple[Told, ...]:
    rule, zone = rule_of(customer.shop_id), customer.shop.zone
    set_aside = Suggestion.objects.filter(
        shop_id=customer.shop_id, about=OuterRef("pk"), state=SuggestionState.DISMISSED
    )
    rows = facts.annotate(is_set_aside=Exists(set_aside)).values_list(
        "id", "kind", "at", "words_len", "words_is_ja", "stars", "is_public", "is_rewarded",
        "acknowledgement__id", "is_set_aside",
    )  # fmt: skip
    return tuple(
        Told(
            id=id_,
            kind=Kind(kind),
            on=at.astimezone(zone).date(),
            has_words=words_len >= (rule.words_ja if is_ja else rule.words_other),
            stars=stars,
            is_public=is_public,
            is_rewarded=is_rewarded,
            is_answered=acknowledgement is not None,
            is_set_aside=is_set_aside,
        )
        for (
            id_,
            kind,
            at,
            words_len,
            is_ja,
            stars,
            is_public,
            is_rewarded,
            acknowledgement,
            is_set_aside,
        ) in rows
    )


def said_by(customer: Customer) -> QuerySet[Touchpoint]:
    """The facts of this customer, newest first, without older versions and what is no fact."""
    of_customer = Touchpoint.objects.filter(shop_id=customer.shop_id, customer=customer)
    replaced = of_customer.filter(replaces=OuterRef("pk"))
    return (
        of_customer.filter(~Exists(replaced)).exclude(standing__in=_NOT_SAID).order_by("-at", "-id")
    )


def waiting_for_advice(shop_id: int, *, limit: int) -> list[Customer]:
    """Relationships whose present stay has no suggestion yet, the closest first, at most
    `limit`."""
    advised = Suggestion.objects.filter(
        shop_id=shop_id, customer=OuterRef("customer"), spell_from_on=OuterRef("since_on")
    )
    in_hand = Suggestion.objects.filter(
        shop_id=shop_id, customer=OuterRef("customer"), state__in=OPEN
    )
    rows = (
        Relationship.objects.filter(shop_id=shop_id, stage__gt=Stage.OBSERVER)
        .exclude(Exists(advised))
        .exclude(Exists(in_hand))
        .select_related("customer__shop")
        .order_by("-stage", "-customer_id")[:limit]
    )
    return [row.customer for row in rows]


def proposed_from_history(shop_id: int, *, since: datetime) -> int:
    """How many suggestions were drawn from history since then."""
    return Suggestion.objects.filter(
        shop_id=shop_id, is_timely=False, proposed_at__gte=since
    ).count()


def suggestions_of(shop_id: int, *, states: Collection[str] = ()) -> QuerySet[Suggestion]:
    """The shop's suggestions with whom they are about, of these states or of all."""
    rows = Suggestion.objects.filter(shop_id=shop_id).select_related(
        "customer__relationship", "about__text_row", "mail", "settled_by"
    )
    return rows.filter(state__in=states) if states else rows


def open_suggestions(shop_id: int) -> QuerySet[Suggestion]:
    """What is proposed and not yet settled."""
    return suggestions_of(shop_id, states=[SuggestionState.PROPOSED])


def listed(shop_id: int, asked: str) -> QuerySet[Suggestion]:
    """Those of a state; "rest": whom we leave in peace; anything else: what is to be done."""
    if asked in SuggestionState.values and asked != SuggestionState.PROPOSED:
        return suggestions_of(shop_id, states=[asked])
    resting = Q(rank=Call.REST)
    return open_suggestions(shop_id).filter(resting if asked == "rest" else ~resting)


def to_do(shop_id: int, *, now: datetime) -> QuerySet[Suggestion]:
    """What asks for somebody now: what just happened before history, then what comes first,
    then the longest waiting."""
    rows = _not_put_off(shop_id, now).exclude(rank=Call.REST)
    return rows.order_by("-is_timely", "rank", "id")


def to_leave(shop_id: int, *, now: datetime) -> QuerySet[Suggestion]:
    """Whom it is right to leave in peace, newest first (そっとしておく)."""
    return _not_put_off(shop_id, now).filter(rank=Call.REST).order_by("-id")


def settled_since(shop_id: int, moment: datetime) -> QuerySet[Suggestion]:
    """What people settled since then, the latest first; and what will be sent still."""
    return (
        suggestions_of(shop_id)
        .filter(settled_at__gte=moment, settled_by__isnull=False)
        .exclude(state=SuggestionState.PROPOSED)
        .order_by("-settled_at", "-id")
    )


def spent_suggestions(shop_id: int, day: date) -> QuerySet[Suggestion]:
    """Proposed once, and of no more use from this day on."""
    return Suggestion.objects.filter(
        shop_id=shop_id, state=SuggestionState.PROPOSED, expires_on__lte=day
    )


def midnight(shop: Shop, now: datetime, *, days: int = 0) -> datetime:
    """The beginning of the shop's day, so many days from the present one."""
    day = now.astimezone(shop.zone).date() + timedelta(days=days)
    return datetime.combine(day, time(), tzinfo=shop.zone)


def _not_put_off(shop_id: int, now: datetime) -> QuerySet[Suggestion]:
    return open_suggestions(shop_id).filter(
        Q(put_off_until__isnull=True) | Q(put_off_until__lte=now)
    )


def _trouble(assessment: Assessment) -> Told | None:
    refs = (ref.partition(":") for ref in assessment.unresolved_refs)
    ids = [int(pk) for kind, _colon, pk in refs if kind == "touchpoint"]
    if not ids or assessment.unresolved_since is None:
        return None
    return Told(id=max(ids), kind=Kind.COMPLAINT, on=assessment.unresolved_since)


def _latest_order(customer: Customer) -> tuple[date | None, date | None]:
    """When the latest order that counts was made, and when it arrived."""
    orders = Purchase.objects.filter(shop_id=customer.shop_id, customer=customer)
    latest = orders.exclude(status__in=VOID).order_by("-ordered_at", "-id").first()
    if latest is None:
        return None, None
    zone = customer.shop.zone
    delivered_at = latest.delivered_at
    return (
        latest.ordered_at.astimezone(zone).date(),
        delivered_at.astimezone(zone).date() if delivered_at else None,
    )
