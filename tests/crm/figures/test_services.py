import json
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.figures.counting import count
from crm.figures.models import KeptFigures
from crm.figures.periods import PERIODS, Period
from crm.figures.report import read
from crm.figures.services import keep_figures
from crm.ledger.enums import Kind
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from horetsu_site.demo import shop as demo
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db


def test_what_was_kept_reads_as_what_is_counted():
    shop = demo.seed(now=timezone.now())
    today = timezone.now().astimezone(shop.zone).date()

    with tenant(shop):
        for days in PERIODS:
            keep_figures(shop=shop, days=days, until_on=today)
        kept = {each.days: each.numbers for each in KeptFigures.objects.all()}
        counted = {days: count(shop, Period(today, days, shop.zone)) for days in PERIODS}

    for days in PERIODS:
        assert kept[days] == counted[days] == json.loads(json.dumps(counted[days]))
        assert read(kept[days]) == read(counted[days])


def test_late_facts_are_in_the_next_count_as_if_they_had_always_been_there(shop):
    now = timezone.now()
    today = now.astimezone(shop.zone).date()
    with tenant(shop):
        customer = make_customer(shop)
        make_purchase(customer, ordered_at=now - timedelta(days=200))
        reassess(customer=customer, now=now)
        keep_figures(shop=shop, days=90, until_on=today)
        make_touchpoint(customer, Kind.EVENT, at=now - timedelta(days=150))
        reassess(customer=customer, now=now)

        keep_figures(shop=shop, days=90, until_on=today)

        kept = KeptFigures.objects.get()
        assert kept.numbers == count(shop, Period(today, 90, shop.zone))
        before = (today - timedelta(days=90)).isoformat()
        people = {row["on"]: row["people"] for row in kept.numbers["stages"]}
    assert people[before] == [0, 0, 1, 0, 0]  # long ago, it turned out
