from datetime import timedelta

import pytest
from django.db import connection

from crm.work import calendar, registry
from crm.work.models import Heartbeat, PeriodDone, Work
from crm.work.selectors import heartbeat_age
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart: never the same day


@pytest.fixture
def daily(monkeypatch):
    """The calendar, empty but for what the test asks."""
    calendar = {}
    monkeypatch.setattr("crm.work.calendar.daily", calendar)
    for kind in ("nightly", "reached", "later"):
        monkeypatch.setitem(registry.handlers, kind, lambda ref: None)
    return calendar


def local_now(shop):
    """The shop's wall clock by the database, still within a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0].astimezone(shop.zone)


def test_each_shop_is_marked_once_for_its_own_day(daily):
    east, west = make_shop(time_zone=EAST), make_shop(time_zone=WEST)
    daily["nightly"] = 0

    marked = [calendar.mark_due_days() for _ in range(3)]

    assert marked == [2, 0, 0]
    days = dict(PeriodDone.objects.values_list("shop_id", "day"))
    assert days == {shop.pk: local_now(shop).date() for shop in (east, west)}
    assert days[east.pk] != days[west.pk]
    assert set(Work.objects.values_list("kind", "shop_id", "ref", "seq")) == {
        ("nightly", east.pk, east.pk, 1),
        ("nightly", west.pk, west.pk, 1),
    }


def test_a_day_begins_at_the_hour_of_the_shop_not_of_the_server(daily):
    shop = make_shop(time_zone="Asia/Tokyo")
    hour = local_now(shop).hour
    daily.update(reached=hour, later=hour + 1)

    calendar.mark_due_days()

    assert [row.kind for row in Work.objects.all()] == ["reached"]


def test_after_days_away_it_catches_up_once(daily, shop):
    daily["nightly"] = 0
    today = local_now(shop).date()
    PeriodDone.objects.create(shop=shop, kind="nightly", day=today - timedelta(days=9))

    marked = [calendar.mark_due_days() for _ in range(2)]

    assert marked == [1, 0]


def test_a_new_day_takes_up_what_was_parked_the_day_before(daily, shop):
    daily["nightly"] = 0
    Work.objects.create(
        shop=shop, kind="nightly", ref=shop.pk, parked_at=local_now(shop), attempts=5
    )

    calendar.mark_due_days()

    assert Work.objects.get().parked_at is None


@pytest.mark.django_db(transaction=True)
def test_beats_at_the_same_moment_mark_once(daily, at_once):
    for _ in range(20):
        make_shop()
    daily["nightly"] = 0

    marked = at_once(*[calendar.mark_due_days] * 4)

    assert sum(marked) == 20
    assert set(Work.objects.values_list("seq", flat=True)) == {1}


def test_the_heart_has_an_age_once_it_beats(db):
    before = heartbeat_age()

    calendar.beat()
    calendar.beat()

    assert before is None
    assert heartbeat_age() == timedelta(0)
    assert Heartbeat.objects.count() == 1


def test_a_daily_kind_is_registered_with_its_hour(monkeypatch):
    monkeypatch.setattr(registry, "daily", {})

    registry.every_day("nightly", hour=3)

    assert registry.daily == {"nightly": 3}
