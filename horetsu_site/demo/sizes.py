"""Shops of any size: the same kinds of people as in the demo shop, without its cast."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.db import transaction

from crm.shops.models import Shop
from crm.shops.services import create_shop, user_with_address
from crm.stages.services import recompute
from crm.stages.yardsticks import measuring_day
from crm.tenancy.door import tenant
from crm.work.services import mark_many
from horetsu_site.demo.batch import Batch
from horetsu_site.demo.cases import complainers
from horetsu_site.demo.crowd import crowd
from horetsu_site.demo.life import Person
from horetsu_site.demo.words import Namer, Speaker
from horetsu_site.demo.writing import write
from surveys.enums import SurveyKind
from surveys.services import begin_survey, switch_survey

AT_ONCE = 2000  # people held in memory and written in one transaction
TOLD_EVERY = 20_000  # people


def generate(
    *, slug: str, owner: str, customers: int, years: int, random: Random, now: datetime
) -> Iterator[str]:
    """Make the shop; says what was done from time to time. Its surveys are switched off."""
    shop, password = _open(slug, owner)
    yield f"{shop.slug}, owned by {owner}" + (f", password {password}" if password else "")
    today = now.astimezone(shop.zone).date()
    with tenant(shop):
        versions = {}
        for kind in SurveyKind:
            survey = begin_survey(shop=shop, kind=kind, at=now - timedelta(days=365 * years))
            versions[survey.kind] = survey.versions.get()
            switch_survey(survey=survey, is_on=False, at=now)  # a made-up person is asked nothing
    people = crowd(
        customers, days=365 * years, random=random, namer=Namer(random), speaker=Speaker(random)
    )
    for first, some in _in_batches(people):
        with tenant(shop):
            batch = Batch(shop=shop, today=today, versions=versions, people=some, first=first)
            write(batch)
            mark_many("complaint", [each.pk for each in complainers(batch)], shop_id=shop.pk)
        written = first - 1 + len(some)
        if written % TOLD_EVERY == 0 or written == customers:
            yield f"{written} people written"
    judged = 0
    for count in recompute(shop=shop, as_of=today, measure_on=measuring_day(today, today=today)):
        judged += count
        if judged % TOLD_EVERY == 0 or judged == customers:
            yield f"{judged} people judged"


def _open(slug: str, owner: str) -> tuple[Shop, str | None]:
    with transaction.atomic():
        user, password = user_with_address(owner)
        shop = create_shop(slug=slug, name="見本茶舗", time_zone="Asia/Tokyo", owner=user)
    return shop, password


def _in_batches(people: Iterable[Person]) -> Iterator[tuple[int, list[Person]]]:
    """Some people at a time, with the number of the first of them."""
    waiting, first = iter(people), 1
    while some := list(islice(waiting, AT_ONCE)):
        yield first, some
        first += len(some)
