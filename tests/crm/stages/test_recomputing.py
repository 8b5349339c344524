"""Measuring a shop and judging all of its customers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from crm.customers.models import Customer
from crm.ledger.enums import Kind
from crm.shops.models import Shop
from crm.stages.models import (
    DatedYardstick,
    Relationship,
    StageSettings,
    StageSpell,
)
from crm.stages.rule_settings import RuleSettings
from crm.stages.selectors import due_customers, yardstick_of
from crm.stages.services import is_yardstick_due, reassess, recompute, renew_yardstick
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2026, 5, 10)

Read = Callable[[Customer], dict[str, Any]]


@pytest.fixture
def regulars(shop: Shop) -> list[Customer]:
    """Two who buy every 40 and every 60 days, and one who only looked in."""
    with tenant(shop):
        people = [make_customer(shop) for _ in range(3)]
        for person, gap in zip(people, (40, 60), strict=False):
            for visit in range(4):
                make_purchase(person, ordered_at=NOON - visit * gap * DAY)
        make_touchpoint(people[2], Kind.EVENT)
        return people


def _count(shop: Shop, day: date, *, is_full: bool) -> int:
    return sum(recompute(shop=shop, as_of=day, measure_on=day if is_full else None))


def test_a_full_recomputation_measures_the_shop_and_judges_everybody(
    shop: Shop, regulars: list[Customer]
) -> None:
    assert _count(shop, TODAY, is_full=True) == 3

    with tenant(shop):
        yardstick = yardstick_of(shop.pk, RuleSettings())
        stages = dict(Relationship.objects.values_list("customer_id", "stage"))
    assert yardstick.rhythm_days == 50
    assert yardstick.orders_cuts == (4, 4, 4, 4)
    assert [stages[person.pk] for person in regulars] == [1, 1, 2]


def test_a_full_recomputation_gives_the_same(
    shop: Shop, regulars: list[Customer], stored: Read
) -> None:
    _count(shop, TODAY, is_full=True)
    with tenant(shop):
        for day in range(1, 800):
            now = NOON + day * DAY
            for person in due_customers(shop.pk, TODAY + day * DAY):
                reassess(customer=person, now=now)
        step_by_step = [stored(person) for person in regulars]
        yardstick = DatedYardstick.objects.get()
        Relationship.objects.all().delete()
        StageSpell.objects.all().delete()

    assert _count(shop, TODAY + 799 * DAY, is_full=False) == 3

    with tenant(shop):
        assert [stored(person) for person in regulars] == step_by_step
        assert DatedYardstick.objects.get() == yardstick


def test_a_recomputation_not_in_full_judges_the_due_alone(
    shop: Shop, regulars: list[Customer]
) -> None:
    _count(shop, TODAY, is_full=True)

    assert _count(shop, TODAY, is_full=False) == 0
    with tenant(shop):
        make_purchase(make_customer(shop))
    assert _count(shop, TODAY, is_full=False) == 1
    assert _count(shop, TODAY + 900 * DAY, is_full=False) == 4


def test_a_shop_judges_its_own_customers_only(
    shop: Shop, other_shop: Shop, regulars: list[Customer]
) -> None:
    with tenant(other_shop):
        stranger = make_customer(other_shop)
        make_purchase(stranger)

    _count(shop, TODAY, is_full=True)

    with tenant(other_shop):
        assert not Relationship.objects.exists()
        assert not DatedYardstick.objects.exists()


def test_the_yardstick_is_renewed_when_it_is_a_month_old(
    shop: Shop, regulars: list[Customer]
) -> None:
    with tenant(shop):
        assert is_yardstick_due(shop=shop, day=TODAY)
        renew_yardstick(shop=shop, day=TODAY, rule=RuleSettings())

        assert not is_yardstick_due(shop=shop, day=TODAY + 29 * DAY)
        assert is_yardstick_due(shop=shop, day=TODAY + 30 * DAY)


def test_the_yardstick_of_an_empty_shop_is_renewed_once_there_are_orders(shop: Shop) -> None:
    with tenant(shop):
        renew_yardstick(shop=shop, day=TODAY, rule=RuleSettings())

        assert is_yardstick_due(shop=shop, day=TODAY + DAY)


def test_measuring_a_day_twice_keeps_one_row(shop: Shop, regulars: list[Customer]) -> None:
    with tenant(shop):
        first = renew_yardstick(shop=shop, day=TODAY, rule=RuleSettings())
        again = renew_yardstick(shop=shop, day=TODAY, rule=RuleSettings())

        assert first == again == DatedYardstick.objects.get().yardstick


def test_a_yardstick_of_other_numbers_is_not_used(shop: Shop, regulars: list[Customer]) -> None:
    with tenant(shop):
        renew_yardstick(shop=shop, day=TODAY, rule=RuleSettings())
        StageSettings.objects.create(shop=shop, numbers={"rhythm_floor": 5})

        assert is_yardstick_due(shop=shop, day=TODAY)
