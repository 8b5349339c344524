from datetime import date

import pytest

from crm.followups.enums import SuggestionState
from crm.followups.models import Suggestion
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.factories import NOON, make_customer, make_purchase

pytestmark = pytest.mark.django_db

TODAY = "/shops/otonari/today/"


@pytest.fixture(autouse=True)
def owner_is_here(client, shop, owner):
    client.force_login(owner)


def suggest(shop, **kwargs):
    customer = make_customer(shop, name="佐伯 美和")
    make_purchase(customer)
    reassess(customer=customer, now=NOON)
    return Suggestion.objects.create(
        shop=shop,
        customer=customer,
        play="circulation.thank",
        spell_from_on=date(2026, 5, 1),
        **kwargs,
    )


def park(shop, ref=7):
    return Work.objects.create(
        shop=shop, kind="review", ref=ref, attempts=5, parked_at=NOON, last_error="ValueError: <no>"
    )


def test_the_front_door_leads_to_today(client):
    assert client.get("/shops/otonari/").headers["Location"] == TODAY


def test_what_is_proposed_is_listed_with_whom_it_concerns_and_why(client, shop):
    with tenant(shop):
        suggestion = suggest(shop)
        suggest(shop, state=SuggestionState.DISMISSED)

    html = client.get(TODAY, headers={"Accept-Language": "ja"}).content.decode()

    assert html.count("佐伯 美和さま") == 1
    assert f"/shops/otonari/customers/{suggestion.customer_id}/" in html
    assert "観測" in html


def test_a_quiet_day_says_that_nothing_is_asked(client):
    html = client.get(TODAY, headers={"Accept-Language": "en"}).content.decode()

    assert "Nothing asks for you today" in html


def test_parked_work_is_shown_with_its_reason_and_tried_again_at_a_press(client, shop):
    work = park(shop)

    html = client.get(TODAY).content.decode()
    response = client.post(f"{TODAY}{work.pk}/retry/")

    assert "review:7" in html
    assert "ValueError: &lt;no&gt;" in html
    assert response.headers["Location"] == TODAY
    work.refresh_from_db()
    assert (work.parked_at, work.attempts) == (None, 0)


def test_a_second_press_finds_it_being_tried(client, shop):
    work = park(shop)

    answers = [client.post(f"{TODAY}{work.pk}/retry/") for _ in range(2)]

    assert [response.status_code for response in answers] == [302, 302]


def test_a_look_does_not_try_it_again(client, shop):
    work = park(shop)

    assert client.get(f"{TODAY}{work.pk}/retry/").status_code == 405
    work.refresh_from_db()
    assert work.parked_at == NOON


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_few_questions_however_long(
    number, client, shop, django_assert_num_queries
):
    with tenant(shop):
        for each in range(number):
            suggest(shop)
            park(shop, ref=1_000_000 + each)

    # session, user, membership; four for the shop's transaction; suggestions, parked work
    with django_assert_num_queries(10):
        client.get(TODAY)
