"""What the rule needs, read for many customers at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from crm.customers.models import Customer
from crm.customers.models import Purchase as PurchaseRow
from crm.customers.selectors import present_customers
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.facts import Fact, History, Purchase
from crm.stages.models import DatedYardstick, Relationship, StageSettings
from crm.stages.replay import Replay, replay
from crm.stages.rule_settings import RuleSettings, version
from crm.stages.yardsticks import Yardstick

BATCH = 500  # customers held in memory at once


def rule_of(shop_id: int) -> RuleSettings:
    """The shop's numbers, or the defaults."""
    row = StageSettings.objects.filter(shop_id=shop_id).first()
    return row.rule if row else RuleSettings()


def latest_yardstick(shop_id: int, rule: RuleSettings) -> DatedYardstick | None:
    """The shop's newest figures under these settings; None before the first were made."""
    return (
        DatedYardstick.objects.filter(shop_id=shop_id, version=version(rule))
        .order_by("-day")
        .first()
    )


def yardstick_of(shop_id: int, rule: RuleSettings) -> Yardstick:
    """What the shop's customers are compared with now."""
    row = latest_yardstick(shop_id, rule)
    return row.yardstick if row else Yardstick()


def next_batch(customers: QuerySet[Customer], *, after: int) -> list[int]:
    """The next ids of these customers by key, at most `BATCH`; empty at the end."""
    found = customers.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(found[:BATCH])


def batches_of(customers: QuerySet[Customer]) -> Iterator[list[int]]:
    """All ids of these customers, a batch at a time."""
    after = 0
    while batch := next_batch(customers, after=after):
        yield batch
        after = batch[-1]


def lapsing_customers(shop_id: int, day: date) -> QuerySet[Customer]:
    """Whom time alone has moved by this day: stage, marks, direction or balance differ."""
    lapsing = Relationship.objects.filter(
        Q(review_on__lte=day) | Q(remark_on__lte=day) | Q(turn_on__lte=day), shop_id=shop_id
    )
    return present_customers(shop_id).filter(pk__in=lapsing.values("customer_id"))


def due_customers(shop_id: int, day: date) -> QuerySet[Customer]:
    """Whom time alone has moved by this day, and whom nobody has judged yet."""
    unjudged = present_customers(shop_id).filter(relationship=None)
    return present_customers(shop_id).filter(
        Q(pk__in=lapsing_customers(shop_id, day).values("pk")) | Q(pk__in=unjudged.values("pk"))
    )


def histories(shop: Shop, customer_ids: Sequence[int]) -> dict[int, History]:
    """Everything known of these customers; the same few queries however many they are."""
    purchases = _purchases(shop, customer_ids)
    touchpoints = _touchpoints(shop, customer_ids)
    introduced = {row["other"] for row in touchpoints if row["other"] is not None}
    others = _purchases(shop, sorted(introduced)) if introduced else {}
    facts: dict[int, list[Fact]] = defaultdict(list)
    for row in touchpoints:
        other_id = row.pop("other")
        customer_id = row.pop("customer_id")
        facts[customer_id].append(
            Fact(**row, other_id=other_id, others=tuple(others.get(other_id, ())))
        )
    return {
        customer_id: History(
            purchases=tuple(purchases.get(customer_id, ())),
            facts=tuple(facts.get(customer_id, ())),
            customer_ids=frozenset({customer_id}),
        )
        for customer_id in customer_ids
    }


def replays(shop: Shop, *, rule: RuleSettings, as_of: date) -> Iterator[Replay]:
    """Everybody of whom something was known by then, one by one."""
    for batch in batches_of(present_customers(shop.pk)):
        for history in histories(shop, batch).values():
            replayed = replay(history, zone=shop.zone, settings=rule, as_of=as_of)
            if replayed:
                yield replayed


def _purchases(shop: Shop, customer_ids: Sequence[int]) -> dict[int, list[Purchase]]:
    found: dict[int, list[Purchase]] = defaultdict(list)
    rows = PurchaseRow.objects.filter(shop_id=shop.pk, customer_id__in=customer_ids).values_list(
        "customer_id",
        "id",
        "ordered_at",
        "total",
        "status",
        "voided_at",
        "refunded",
        "refunded_at",
        "currency",
        "delivered_at",
        "subscription_id",
        "subscription_agreed",
    )
    for row in rows:
        customer_id, id_, at, total, status, voided_at, refunded, refunded_at = row[:8]
        currency, delivered_at, subscription_id, agreed = row[8:]
        found[customer_id].append(
            Purchase(
                id=id_,
                at=at,
                total=total,
                status=status,
                voided_at=voided_at,
                refunded=refunded,
                refunded_at=refunded_at,
                is_foreign=currency != shop.currency,
                delivered_at=delivered_at,
                subscription_id=subscription_id,
                subscription_agreed=agreed,
            )
        )
    return found


def _touchpoints(shop: Shop, customer_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Rows with the names of `Fact`; `other` is the person referred, as known today."""
    rows = (
        Touchpoint.objects.filter(shop_id=shop.pk, customer_id__in=customer_ids)
        .annotate(other=Coalesce("other_customer__merged_into_id", "other_customer_id"))
        .values(
            "id",
            "customer_id",
            "kind",
            "at",
            "source",
            "value",
            "purchase_id",
            "words_len",
            "words_is_ja",
            "stars",
            "is_rewarded",
            "is_public",
            "standing",
            "replaces_id",
            "response",
            "thread",
            "other",
        )
    )
    return [{**row} for row in rows]
