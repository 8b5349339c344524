import pytest

from crm.customers.models import CustomerIdentity
from crm.shops import api
from crm.shops.services import issue_api_key
from crm.tenancy.door import tenant
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(shop, client):
    _row, key = issue_api_key(shop=shop, name="test")
    return lambda address: client.get(address, headers={"Authorization": f"Bearer {key}"})


def test_a_customer_shows_these_fields_and_no_others(shop, get):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳代", kana="やまぐち かよ", email="Kayo@example.jp")
        CustomerIdentity.objects.create(shop=shop, customer=kayo, source="eccube", external_id="7")

    (row,) = get("/api/v1/customers/").json()["results"]

    assert row.pop("created_at")
    assert row == {
        "id": kayo.pk,
        "identities": [{"source": "eccube", "external_id": "7"}],
        "name": "山口 佳代",
        "kana": "やまぐち かよ",
        "email": "Kayo@example.jp",
        "locale": "",
    }


def test_the_pages_together_are_everybody_once(shop, get, monkeypatch):
    monkeypatch.setattr(api, "PAGE", 2)
    with tenant(shop):
        everybody = [make_customer(shop).pk for _ in range(5)]

    seen, address = [], "/api/v1/customers/"
    while address and len(seen) < 9:
        page = get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]

    assert seen == everybody


@pytest.mark.parametrize("cursor", ["", "x", "-1", "9" * 30, "1\x00", "１"])
def test_a_cursor_we_did_not_give_is_refused_with_words(get, cursor):
    response = get(f"/api/v1/customers/?cursor={cursor}")

    assert response.status_code == 400
    assert response.json()["cursor"]


def test_the_api_only_reads(shop, client):
    _row, key = issue_api_key(shop=shop, name="test")

    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(
            "/api/v1/customers/", headers={"Authorization": f"Bearer {key}"}
        )
        assert response.status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_the_same_few_questions_however_long(
    number, shop, get, django_assert_num_queries
):
    with tenant(shop):
        for each in range(number):
            CustomerIdentity.objects.create(
                shop=shop, customer=make_customer(shop), source="eccube", external_id=str(each)
            )

    # one for the key, four for the shop's transaction, two for customers and identities
    with django_assert_num_queries(7):
        get("/api/v1/customers/")
