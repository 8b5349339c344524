from datetime import timedelta

import pytest
from django.utils import timezone

from crm.customers.erasing import erase
from crm.customers.models import Customer, CustomerIdentity, Purchase
from crm.shops import api
from crm.shops.enums import Scope
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.factories import NOON, make_customer, make_purchase
from tests.machines import Machine

pytestmark = pytest.mark.django_db


KAYO = {"external_id": "1042", "name": "山口 佳代", "email": "Kayo@example.jp"}
ORDER = {
    "source": "mycart",
    "external_id": "A-7",
    "customer": KAYO,
    "ordered_at": "2026-05-10T12:00:00+09:00",
    "total": "8640",
    "status": "paid",
    "lines": [{"product": "常滑の急須", "code": "T-12"}],
}


@pytest.fixture
def machine(shop):
    return Machine(shop)


@pytest.fixture
def get(shop, client):
    machine = Machine(shop, Scope.READ)
    return lambda address: machine.get(address.partition("/api/v1/")[2])


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
    assert response.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_the_same_few_questions_however_long(
    number, shop, get, django_assert_num_queries
):
    with tenant(shop):
        for each in range(number):
            CustomerIdentity.objects.create(
                shop=shop, customer=make_customer(shop), source="eccube", external_id=str(each)
            )

    # three for the key, its use and its pace, four for the shop's transaction, two for
    # customers and identities
    with django_assert_num_queries(9):
        get("/api/v1/customers/")


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_purchases_asks_the_same_few_questions_however_long(
    number, shop, get, django_assert_num_queries
):
    with tenant(shop):
        for _ in range(number):
            make_purchase(make_customer(shop))

    with django_assert_num_queries(9):
        get("/api/v1/purchases/")


# --- telling -------------------------------------------------------------------------------------


def test_a_customer_that_is_told_of_is_made_and_shown(shop, machine):
    answer = machine.tell("customers/", KAYO)

    assert answer.status_code == 201
    told = answer.json()
    assert told["identities"] == [{"source": "api", "external_id": "1042"}]
    assert (told["name"], told["email"]) == ("山口 佳代", "Kayo@example.jp")
    assert machine.get(f"customers/{told['id']}/").json() == told


def test_who_is_known_is_brought_up_to_date_and_what_is_left_out_stays(machine):
    first = machine.tell("customers/", KAYO).json()

    answer = machine.tell("customers/", {"external_id": "1042", "kana": "やまぐち かよ"})

    assert answer.status_code == 200
    assert answer.json() == first | {"kana": "やまぐち かよ"}


def test_a_guest_is_known_by_the_address_however_it_is_written(machine):
    first = machine.tell("customers/", {"email": "kayo@example.jp"})

    again = machine.tell("customers/", {"email": "ＫＡＹＯ@example.jp"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "佳代"},
        {"external_id": ""},
        {"email": "no address"},
        {"external_id": "1", "locale": "fr"},
        {"external_id": "1", "source": "My Cart"},
        {"external_id": "x" * 101},
    ],
)
def test_a_customer_nobody_could_find_again_is_refused(shop, machine, body):
    answer = machine.tell("customers/", body)

    assert answer.status_code == 400
    with tenant(shop):
        assert not Customer.objects.exists()


def test_an_order_that_is_told_of_goes_the_way_of_every_order(shop, machine):
    answer = machine.tell("purchases/", ORDER)

    assert answer.status_code == 201
    told = answer.json()
    assert told["total"] == "8640.00"
    assert told["currency"] == "JPY"
    assert told["lines"] == [{"product": "常滑の急須", "code": "T-12", "quantity": 1}]
    with tenant(shop):
        customer = Customer.objects.get()
        assert customer.name == "山口 佳代"
        assert Purchase.objects.get().total == 864_000
        assert Work.objects.filter(kind="review", ref=customer.pk).exists()
    assert machine.get("purchases/", customer=customer.pk).json()["results"] == [told]
    assert machine.get("purchases/", customer=customer.pk + 1).json()["results"] == []


def test_what_became_of_an_order_is_told_by_its_number(machine):
    machine.tell("purchases/", ORDER)

    answer = machine.tell("purchases/", ORDER | {"status": "cancelled", "refunded": 86.4})

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["refunded"]) == ("cancelled", "86.40")


def test_a_time_without_a_zone_is_the_shops(machine):
    answer = machine.tell("purchases/", ORDER | {"ordered_at": "2026-05-10T12:00"})

    assert answer.json()["ordered_at"] == "2026-05-10T12:00:00+09:00"


@pytest.mark.parametrize(
    "more",
    [
        {"total": "-1"},
        {"total": "1e400"},
        {"total": "NaN"},
        {"total": 10**20},
        {"total": "0.001"},
        {"currency": "yen"},
        {"status": "lost"},
        {"ordered_at": "2999-01-01T00:00Z"},
        {"ordered_at": "0001-01-01T00:00+14:00"},
        {"ordered_at": "2026-02-30"},
        {"subscription_no": 10**30},
        {"lines": [{"product": "茶"}] * 201},
        {"lines": {"product": "茶"}},
        {"lines": [{"product": "茶", "quantity": 10**18}]},
        {"customer": {}},
        {"customer": "1042"},
        {"customer": None},
    ],
)
def test_an_order_that_cannot_be_is_refused(shop, machine, more):
    answer = machine.tell("purchases/", ORDER | more)

    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]
    with tenant(shop):
        assert not Purchase.objects.exists()
        assert not Customer.objects.exists()


def test_who_was_erased_is_neither_shown_nor_made_again(shop, machine):
    told = machine.tell("customers/", KAYO).json()
    with tenant(shop):
        erase(customer=Customer.objects.get(), at=timezone.now(), by=None)

    assert machine.get(f"customers/{told['id']}/").status_code == 404
    assert machine.get("customers/").json()["results"] == []
    assert machine.tell("customers/", KAYO).json()["code"] == "erased"
    old = machine.tell("purchases/", ORDER | {"source": "api", "external_id": "A-1"})
    assert old.status_code == 201
    assert machine.get("customers/").json()["results"] == []


def test_who_orders_after_being_erased_is_a_new_customer(shop, machine):
    machine.tell("customers/", KAYO)
    with tenant(shop):
        erase(customer=Customer.objects.get(), at=NOON - timedelta(days=1), by=None)

    machine.tell("purchases/", ORDER | {"source": "api"})

    (back,) = machine.get("customers/").json()["results"]
    assert back["name"] == "山口 佳代"
