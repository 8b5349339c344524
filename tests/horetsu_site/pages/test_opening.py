import pytest

from crm.shops.enums import Role
from crm.shops.models import AuditEntry, Membership, Shop
from crm.tenancy.door import tenant
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db

WISHES = {"name": "みなと工房", "slug": "", "time_zone": "Asia/Tokyo", "locale": "ja"}


@pytest.fixture
def aoi(client):
    user = make_user("aoi@minato-koubou.jp")
    client.force_login(user)
    return user


def test_a_shop_is_opened_in_one_step_and_says_what_to_do_first(client, aoi):
    response = client.post("/new-shop/", WISHES)

    assert response.headers["Location"] == "/shops/minato-koubou/welcome/"
    shop = Shop.objects.get()
    assert (shop.name, shop.time_zone, shop.locale, shop.currency) == (
        "みなと工房", "Asia/Tokyo", "ja", "JPY",
    )  # fmt: skip
    assert Membership.objects.get().role == Role.OWNER
    first_page = client.get(response.url).content.decode()
    assert "/shops/minato-koubou/surveys/" in first_page
    assert "/shops/minato-koubou/imports/" in first_page
    with tenant(shop):
        assert [(e.act, e.actor_name) for e in AuditEntry.objects.all()] == [
            ("shop.opened", aoi.email)
        ]


def test_words_time_zone_and_language_can_be_chosen(client, aoi):
    client.post(
        "/new-shop/", WISHES | {"slug": "Minato", "time_zone": "Europe/Paris", "locale": "en"}
    )

    shop = Shop.objects.get()
    assert (shop.slug, shop.time_zone, shop.locale) == ("minato", "Europe/Paris", "en")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "茶" * 101},
        {"name": "茶\r\nBcc: a@b.example"},
        {"slug": "otonari"},
        {"slug": "new"},
        {"slug": "みなと"},
        {"slug": "a b"},
        {"time_zone": "localtime"},
        {"locale": "fr"},
    ],
    ids=lambda wrong: repr(wrong)[:30],
)
def test_what_cannot_be_opened_comes_back_with_a_reason(client, aoi, wrong):
    make_shop("otonari")

    response = client.post("/new-shop/", WISHES | wrong)

    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode() or "error" in response.content.decode()
    assert Shop.objects.count() == 1


def test_other_fields_are_not_listened_to(client, aoi):
    client.post("/new-shop/", WISHES | {"currency": "USD", "owner": "1", "id": "99"})

    assert Shop.objects.get().currency == "JPY"


def test_nobody_opens_shops_all_day(client, aoi):
    answers = [client.post("/new-shop/", WISHES).status_code for _ in range(12)]

    assert answers[:10] == [302] * 10
    assert answers[-1] == 422
    assert Shop.objects.count() == 10
