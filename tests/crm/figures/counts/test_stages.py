from datetime import date, timedelta
from random import Random

import pytest

from crm.figures.counts import stages
from crm.figures.periods import Period
from crm.stages.models import StageSpell
from crm.tenancy.door import tenant
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

LAST = date(2026, 5, 10)
SPRING = 90


def stay(customer, stage: int, from_ago: int, to_ago: int | None = None) -> None:
    StageSpell.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        stage=stage,
        from_on=LAST - timedelta(days=from_ago),
        to_on=None if to_ago is None else LAST - timedelta(days=to_ago),
    )


@pytest.fixture
def lives(shop):
    """Eighty people with up to five stays each, as they happen to come."""
    random = Random(3)
    with tenant(shop):
        for _ in range(80):
            days = sorted(random.sample(range(700), random.randint(1, 5)), reverse=True)
            customer = make_customer(shop)
            for from_ago, to_ago in zip(days, [*days[1:], None], strict=True):
                stay(customer, random.randint(0, 4), from_ago, to_ago)


def stands(day: date) -> dict[int, int]:
    """Who stands where at the end of a day, looked up stay by stay."""
    return {
        spell.customer_id: spell.stage
        for spell in StageSpell.objects.all()
        if spell.from_on <= day and (spell.to_on is None or spell.to_on > day)
    }


@pytest.mark.parametrize("days", [30, 90, 365])
def test_the_months_are_those_one_finds_by_looking_at_every_stay(shop, lives, days):
    period = Period(LAST, days, shop.zone)
    with tenant(shop):
        found = {row["on"]: row["people"] for row in stages.by_month(shop.pk, period)}

        for day in {*period.month_ends, period.before_on}:
            standing = list(stands(day).values())
            assert found[day.isoformat()] == [standing.count(stage) for stage in range(5)]


@pytest.mark.parametrize("days", [30, 90, 365])
def test_who_moved_is_who_stands_elsewhere_than_before(shop, lives, days):
    period = Period(LAST, days, shop.zone)
    with tenant(shop):
        before, now = stands(period.before_on), stands(LAST)
        moved = [(before.get(pk, 0), stage) for pk, stage in now.items()]
        expected = {pair: moved.count(pair) for pair in moved if pair[0] != pair[1]}

        found = stages.moves(shop.pk, period)

    assert {(was, is_): people for was, is_, people in found} == expected


def test_up_and_down_again_within_the_period_is_no_move(shop):
    with tenant(shop):
        customer = make_customer(shop)
        stay(customer, 1, 200, 60)
        stay(customer, 2, 60, 30)
        stay(customer, 1, 30)

        assert stages.moves(shop.pk, Period(LAST, SPRING, shop.zone)) == []


def test_the_newest_risers_come_first(shop):
    with tenant(shop):
        people = [make_customer(shop) for _ in range(3)]
        for ago, person in enumerate(people, start=5):
            stay(person, 0, 200, ago)
            stay(person, 2, ago)

        found = stages.people(shop.pk, Period(LAST, SPRING, shop.zone))

    assert found["warmed"] == [person.pk for person in people]
