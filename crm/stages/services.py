from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from crm.customers.models import Customer
from crm.customers.selectors import present_customers
from crm.shops.models import Shop
from crm.stages.models import DatedYardstick, StageSettings
from crm.stages.rule_settings import RuleSettings, from_numbers, version
from crm.stages.rules import Assessment, assess
from crm.stages.selectors import (
    due_customers,
    histories,
    latest_yardstick,
    next_batch,
    replays,
    rule_of,
    yardstick_of,
)
from crm.stages.storing import store
from crm.stages.yardsticks import Yardstick, YardstickMaker
from crm.tenancy.door import tenant
from crm.work import services as work

YARDSTICK_LASTS = timedelta(days=30)


@transaction.atomic
def reassess(*, customer: Customer, now: datetime) -> Assessment | None:
    """Judge a customer by all facts known, and keep what changed; None without any fact, and
    for whoever was erased.

    Two at once wait for each other, so that the later one saw all facts of the earlier.
    """
    shop = customer.shop
    rule = rule_of(shop.pk)
    assessments = _reassess(
        shop,
        [customer.pk],
        rule=rule,
        yardstick=yardstick_of(shop.pk, rule),
        as_of=now.astimezone(shop.zone).date(),
    )
    return assessments.get(customer.pk)


def recompute(*, shop: Shop, as_of: date, measure_on: date | None = None) -> Iterator[int]:
    """Judge customers as of the end of a day; how many, a batch at a time.

    Those whom time has moved, or whom nobody has judged yet; with `measure_on` all of them,
    after the shop has been measured to the end of that day. Opens the shop's door itself,
    once for each batch, so that nobody else waits for the whole of it.
    """
    with tenant(shop):
        rule = rule_of(shop.pk)
        if measure_on:
            yardstick = renew_yardstick(shop=shop, day=measure_on, rule=rule)
        else:
            yardstick = yardstick_of(shop.pk, rule)
    after: int | None = 0
    while after is not None:
        with tenant(shop):
            everybody, due = present_customers(shop.pk), due_customers(shop.pk, as_of)
            batch = next_batch(everybody if measure_on else due, after=after)
            _reassess(shop, batch, rule=rule, yardstick=yardstick, as_of=as_of)
        yield len(batch)
        after = batch[-1] if batch else None


def change_rule(*, shop: Shop, **numbers: Decimal | float | None) -> None:
    """Judge by other numbers from now on: the shop is measured again, and everybody with it.

    By the names of RuleSettings; ValueError for a number the rule cannot work with.
    """
    row, _ = StageSettings.objects.get_or_create(shop=shop)
    said = {
        name: float(number) if isinstance(number, Decimal) else number
        for name, number in numbers.items()
    }
    from_numbers(row.numbers | said)
    row.numbers |= said
    row.save(update_fields=["numbers"])
    work.mark(f"yardstick:{shop.pk}", shop_id=shop.pk)


def renew_yardstick(*, shop: Shop, day: date, rule: RuleSettings) -> Yardstick:
    """Measure the shop to the end of a completed day, and keep the figures."""
    maker = YardstickMaker(rule)
    for customer in replays(shop, rule=rule, as_of=day):
        maker.add(customer)
    yardstick = maker.make()
    DatedYardstick.objects.update_or_create(
        shop_id=shop.pk, day=day, version=version(rule), defaults=asdict(yardstick)
    )
    return yardstick


def is_yardstick_due(*, shop: Shop, day: date) -> bool:
    """Whether the shop's figures are a month old by this day, or say nothing of orders yet."""
    latest = latest_yardstick(shop.pk, rule_of(shop.pk))
    return latest is None or latest.orders_cuts is None or latest.day <= day - YARDSTICK_LASTS


def _reassess(
    shop: Shop,
    customer_ids: Sequence[int],
    *,
    rule: RuleSettings,
    yardstick: Yardstick,
    as_of: date,
) -> dict[int, Assessment]:
    # No stronger lock than needed: a new order refers to the customer and must not wait.
    locked = (
        Customer.objects.filter(shop_id=shop.pk, pk__in=customer_ids, erased_at=None)
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    ids = list(locked.values_list("pk", flat=True))
    assessments = {}
    for customer_id, history in histories(shop, ids).items():
        assessment = assess(
            history, zone=shop.zone, settings=rule, yardstick=yardstick, as_of=as_of
        )
        if assessment:
            assessments[customer_id] = assessment
    store(shop_id=shop.pk, customer_ids=ids, assessments=assessments)
    return assessments
