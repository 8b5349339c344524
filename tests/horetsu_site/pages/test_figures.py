"""ふりかえり, as members of a shop see it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.figures import selectors
from crm.figures.models import KeptFigures
from crm.ledger.enums import Kind
from crm.shops.models import Shop
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.services import mark_shops
from crm.work.tasks import work_off
from horetsu_site.demo import shop as demo
from surveys.enums import SurveyKind
from surveys.services import begin_survey
from tests.factories import make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LETTER = "届いた夜、さっそく淹れてみました。ふたを開けたときの香りが忘れられません。"


@pytest.fixture
def page(client, owner, shop: Shop):
    client.force_login(owner)
    return lambda **query: client.get(reverse("figures", args=[shop.slug]), query)


def somebody(shop: Shop, *, score: int | None = None):
    """A customer who bought twice and wrote, and perhaps answered the one question."""
    now = timezone.now()
    customer = make_customer(shop)
    for ago in (60, 20):
        make_purchase(customer, ordered_at=now - ago * DAY)
    make_touchpoint(customer, Kind.LETTER, at=now - 5 * DAY, text=LETTER)
    if score is not None:
        make_touchpoint(customer, Kind.NPS, at=now - 4 * DAY, value=score)
    reassess(customer=customer, now=now)
    return customer


def test_an_empty_shop_is_told_what_will_come(page):
    response = page()

    assert response.status_code == 200
    assert 'class="empty"' in response.text
    assert reverse("imports", args=["otonari"]) in response.text


def test_the_page_opens_with_how_many_relationships_grew_warmer(page, shop):
    with tenant(shop):
        for _ in range(3):
            somebody(shop)

    response = page(lang="en")

    assert "the relationship with 3 people has grown warmer" in response.text
    assert LETTER in response.text


def test_a_score_of_nine_answers_is_not_shown_and_one_of_ten_is_with_its_range(page, shop):
    with tenant(shop):
        for _ in range(9):
            somebody(shop, score=10)
    before = page(lang="en").text
    with tenant(shop):
        somebody(shop, score=0)

    after = page(lang="en").text

    assert "9 answers in the last year; from 10 on it can be read" in before
    assert 'class="figure-xl"' not in before
    assert "+80" in after
    assert "The true value lies between about +23 and +100" in after


def test_a_survey_and_its_figures_lead_to_each_other(page, client, shop):
    with tenant(shop):
        somebody(shop, score=9)
        surveys = [begin_survey(shop=shop, kind=kind, at=timezone.now()) for kind in SurveyKind]

    figures = page().text
    for survey, part in zip(surveys, ("feelings-title", "nps-title"), strict=True):
        address = reverse("survey", args=[shop.slug, survey.pk])
        assert f'href="{address}"' in figures
        assert f'id="{part}"' in figures
        assert f'href="{reverse("figures", args=[shop.slug])}#{part}"' in client.get(address).text


def test_a_period_that_is_not_offered_is_the_usual_one(page):
    for days in ("7", "", "x", "0", "99999999999999999999"):
        assert page(days=days).context["days"] == 90


def test_the_page_asks_no_more_of_the_database_for_more_customers(
    page, shop, django_assert_max_num_queries
):
    with tenant(shop):
        somebody(shop, score=9)
    page()
    with django_assert_max_num_queries(60) as one:
        page()
    with tenant(shop):
        somebody(shop, score=3)
        somebody(shop, score=8)

    with django_assert_max_num_queries(60) as three:
        page()

    assert len(three) == len(one)


def test_a_large_shop_is_counted_at_night_and_shows_what_was_kept(page, shop, monkeypatch):
    monkeypatch.setattr(selectors, "COUNTED_LIVE", 1)
    with tenant(shop):
        for _ in range(3):
            somebody(shop)
    uncounted = page(lang="en").text

    mark_shops("figures", [shop.pk])
    work_off("figures")
    counted = page(lang="en").text

    assert "Not counted yet" in uncounted
    assert "counted every night" in counted
    with tenant(shop):
        assert sorted(KeptFigures.objects.values_list("days", flat=True)) == [30, 90, 365]


def test_counting_now_marks_it(client, owner, shop):
    client.force_login(owner)

    response = client.post(reverse("figures_count", args=[shop.slug]))

    assert response.status_code == 302
    assert Work.objects.filter(shop=shop, kind="figures").exists()


def test_the_demo_shop_has_every_part_of_the_page(client):
    shop = demo.seed(now=timezone.now())
    client.force_login(shop.memberships.get(user__email=demo.EMAIL).user)
    address = reverse("figures", args=[shop.slug])

    pages = [
        client.get(address, {"days": days, "lang": language})
        for days in (30, 90, 365)
        for language in ("ja", "en")
    ]

    for part in ("by-stage", "moves", "nps-title", "feelings-title", "loyalty", "restraint"):
        assert all(f'id="{part}"' in page.text for page in pages)
