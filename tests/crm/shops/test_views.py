import pytest
from django.forms import model_to_dict

from crm.shops.enums import Role
from crm.shops.models import Shop
from tests.factories import make_member

pytestmark = pytest.mark.django_db

PROFILE = {
    "name": "おとなり茶舗",
    "keeper_name": "三浦 葉子",
    "keeper_title": "店主",
    "contact_email": "shop@otonari.example",
    "postal_address": "長野県松本市中央1-2-3",
    "privacy_url": "otonari.example/privacy",
    "locale": "en",
}


@pytest.fixture
def page(shop, owner, client):
    client.force_login(owner)
    return lambda **changes: client.post("/shops/otonari/settings/", PROFILE | changes)


def test_the_owner_says_who_the_shop_is(page, shop):
    response = page()

    assert response.headers["Location"] == "/shops/otonari/settings/"
    shop.refresh_from_db()
    said = {field: getattr(shop, field) for field in PROFILE}
    assert said == PROFILE | {"privacy_url": "https://otonari.example/privacy"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "茶\x00"},
        {"keeper_name": "茶" * 101},
        {"name": "茶\r\nBcc: a@b.example"},
        {"keeper_name": "三浦\n葉子"},
        {"postal_address": "長野県\u2028松本市"},
        {"contact_email": "shop"},
        {"privacy_url": "javascript:alert(1)"},
        {"locale": "xx"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_cannot_be_kept_comes_back_with_a_reason_and_nothing_is_changed(page, shop, wrong):
    response = page(keeper_title="店長", **wrong)

    assert response.status_code == 422
    html = response.content.decode()
    (field,) = wrong
    assert f'id="id_{field}_error"' in html
    assert 'value="店長"' in html
    assert model_to_dict(Shop.objects.get()) == model_to_dict(shop)


def test_above_a_form_with_mistakes_stands_the_name_the_shop_has(page):
    html = page(name="よその茶舗", locale="xx").content.decode()

    assert "設定 | おとなり茶舗" in html or "Settings | おとなり茶舗" in html


def test_only_columns_of_the_form_can_be_written(page, shop):
    page(slug="taken", time_zone="UTC", currency="USD", id="999")

    kept = Shop.objects.get(pk=shop.pk)
    assert (kept.slug, kept.time_zone, kept.currency) == ("otonari", "Asia/Tokyo", "JPY")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.VIEWER])
def test_who_may_not_is_not_offered_the_way_there(role, shop, client):
    client.force_login(make_member(shop, role))

    assert b"/shops/otonari/settings/" not in client.get("/shops/otonari/today/").content
