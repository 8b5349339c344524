"""The frame around the pages of staff: where one can go, in which language, and out."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.shops.enums import Role
from crm.shops.models import Shop, User
from tests.factories import make_member, make_shop

pytestmark = pytest.mark.django_db

LIST = "/shops/otonari/customers/"


@pytest.fixture
def member(shop: Shop, owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def frame(client: Client, page: str = LIST, **kwargs: object) -> str:
    return client.get(page, **kwargs).text.partition("<main")[0]


def test_the_frame_says_where_one_is(member):
    assert f'<a href="{LIST}" aria-current="page">' in frame(member)


def test_what_a_member_may_not_open_is_not_offered(shop):
    client = Client()
    client.force_login(make_member(shop, Role.STAFF))

    assert "/settings/" not in frame(client)


def test_the_account_and_the_way_out_are_on_every_page(member, owner):
    shown = frame(member)

    assert owner.email in shown
    assert 'action="/logout/"' in shown


def test_only_somebody_of_several_shops_is_offered_another(member, owner):
    assert "/shops/next-door/" not in frame(member)

    make_shop("next-door", name="おむかい", owner=owner)

    assert 'href="/shops/next-door/"' in frame(member)
    assert 'href="/shops/next-door/"' not in frame(member, "/shops/next-door/customers/")


def test_a_second_shop_costs_no_further_query(member, owner, django_assert_num_queries):
    frame(member)  # the first page of a session notes that it is in use
    with CaptureQueriesContext(connection) as alone:
        frame(member)
    make_shop("next-door", owner=owner)

    with django_assert_num_queries(len(alone)):
        frame(member)


def test_a_member_keeps_the_language_they_chose(member, owner):
    came_back = member.post("/language/", {"language": "en", "next": f"{LIST}?q=a"})

    owner.refresh_from_db()
    assert (came_back.status_code, came_back["Location"]) == (302, f"{LIST}?q=a")
    assert owner.locale == "en"
    assert "Sign out" in frame(member, headers={"Accept-Language": "ja"})


def test_a_link_in_another_language_changes_nothing_for_good(member, owner):
    member.post("/language/", {"language": "ja"})

    read = member.get(f"{LIST}?lang=en")

    owner.refresh_from_db()
    assert read["Content-Language"] == "en"
    assert owner.locale == "ja"
    assert member.get(LIST)["Content-Language"] == "ja"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", ""]
)
def test_the_way_back_leads_nowhere_else(member, elsewhere):
    came_back = member.post("/language/", {"language": "xx", "next": elsewhere})

    assert came_back["Location"] == "/"


def test_a_guest_is_asked_to_sign_in_before_a_language_is_kept(client):
    assert client.post("/language/", {"language": "en"})["Location"].startswith("/login/")


def test_a_guests_language_stands_in_the_link_and_goes_with_them(client):
    japanese = client.get("/login/?next=/shops/otonari/").text
    english = client.get("/login/?next=/shops/otonari/&lang=en")

    assert 'href="/login/?next=%2Fshops%2Fotonari%2F&amp;lang=en"' in japanese
    assert english["Content-Language"] == "en"
    assert 'href="/?lang=en"' in english.text
    assert 'href="/login/?next=%2Fshops%2Fotonari%2F&amp;lang=ja"' in english.text
