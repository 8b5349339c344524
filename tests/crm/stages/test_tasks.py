"""What the calendar asks: people whom time has moved, and a yardstick grown old."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.shops.models import Shop
from crm.stages.models import DatedYardstick
from crm.stages.services import reassess
from crm.stages.tasks import mark_lapsing, renew_monthly
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.registry import daily, handlers
from tests.factories import make_customer, make_purchase

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _marked(shop: Shop) -> set[int]:
    return set(Work.objects.filter(shop=shop, kind="review").values_list("ref", flat=True))


def test_both_are_asked_for_every_day() -> None:
    assert {"lapse", "yardstick"} <= daily.keys() & handlers.keys()


def test_those_whom_time_has_moved_are_marked_for_review(shop: Shop) -> None:
    now = timezone.now()
    with tenant(shop):
        moved, resting = make_customer(shop), make_customer(shop)
        for person, ordered_at in ((moved, now - 91 * DAY), (resting, now - 20 * DAY)):
            make_purchase(person, ordered_at=ordered_at)
            reassess(customer=person, now=ordered_at)

        mark_lapsing(shop.pk)

    assert _marked(shop) == {moved.pk}


def test_an_old_yardstick_is_renewed_and_everybody_judged_by_it(shop: Shop) -> None:
    yesterday = timezone.now().astimezone(shop.zone).date() - DAY
    with tenant(shop):
        person = make_customer(shop)
        make_purchase(person, ordered_at=timezone.now() - 40 * DAY)

        renew_monthly(shop.pk)

        assert DatedYardstick.objects.get().day == yesterday
    assert _marked(shop) == {person.pk}


def test_a_young_yardstick_stays(shop: Shop) -> None:
    with tenant(shop):
        make_purchase(make_customer(shop), ordered_at=timezone.now() - 40 * DAY)
        renew_monthly(shop.pk)
        Work.objects.filter(shop=shop).delete()

        renew_monthly(shop.pk)

    assert _marked(shop) == set()
