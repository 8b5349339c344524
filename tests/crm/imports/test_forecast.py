import io
import random

import pytest

from crm.customers.models import Customer, CustomerIdentity, Purchase
from crm.imports.counts import Counts
from crm.imports.enums import FileKind
from crm.imports.forecast import Forecast, forecast
from crm.imports.services import reader_of
from crm.imports.staging import Staging
from crm.tenancy.door import tenant
from tests.crm.imports.conftest import begin, finish
from tests.crm.imports.files import eccube_customers, eccube_orders, written
from tests.factories import NOON, make_customer

pytestmark = pytest.mark.django_db

ORDERS = ["order_id", "customer_id", "email", "ordered_at", "total", "status", "product"]
CUSTOMERS = ["customer_id", "email", "name"]


def orders(*rows: str) -> bytes:
    return written([ORDERS, *(row.split(",") for row in rows)])


def customers(*rows: str) -> bytes:
    return written([CUSTOMERS, *(row.split(",") for row in rows)])


@pytest.fixture
def foreseen(shop):
    """What is foreseen of a file, having checked that it then comes true."""

    def foreseen(content: bytes, kind: FileKind = FileKind.ORDERS) -> Forecast:
        run = begin(content, kind, shop=shop)
        with tenant(shop):
            staging = Staging(run)
            reader = reader_of(run, shop)
            staging.fill(io.BytesIO(content), reader)
            staging.judge(reader, Counts())
            expected = forecast(run, staging)
            staging.drop()
        done = Counts.from_json(finish(run, content).counts)
        came = (done.created, done.updated, done.unchanged, done.customers_created)
        assert came == tuple(expected.as_json().values())
        return expected

    return foreseen


def test_in_an_empty_shop_everything_is_new(foreseen):
    content = orders(
        "1,7,a@x.jp,2026-05-10,100,,茶",
        "2,7,a@x.jp,2026-05-11,100,,茶",
        "3,,b@x.jp,2026-05-11,100,,",
        "4,,B@X.JP,2026-05-11,100,,",
        "5,,,2026-05-11,100,,",
        "6,,x1@fw.rakuten.ne.jp,2026-05-11,100,,",
        "7,,x2@fw.rakuten.ne.jp,2026-05-11,100,,",
    )

    assert foreseen(content) == Forecast(7, 0, 0, customers_created=4)


def test_the_same_file_again_changes_nothing(foreseen):
    content = eccube_orders({}, {"注文ID": "2", "会員ID": "", "メールアドレス": "g@x.jp"})
    foreseen(content)

    again = foreseen(content)

    assert (again, again.changes_nothing) == (Forecast(0, 0, 2, 0), True)


def test_what_a_file_tells_otherwise_would_change(foreseen):
    foreseen(orders("1,7,,2026-05-10,100,paid,茶", "2,7,,2026-05-10,100,paid,茶"))

    assert foreseen(
        orders("1,7,,2026-05-10,100,cancelled,茶", "2,7,,2026-05-10,100,,"),
    ) == Forecast(0, 1, 1, 0)


def test_other_products_are_a_change(foreseen):
    foreseen(orders("1,7,,2026-05-10,100,,茶", "2,7,,2026-05-10,100,,"))

    assert foreseen(orders("1,7,,2026-05-10,100,,湯のみ", "2,7,,2026-05-10,100,,茶")) == Forecast(
        0, 2, 0, 0
    )


def test_an_order_of_nobody_that_gets_somebody_is_changed(foreseen):
    foreseen(orders("1,,,2026-05-10,100,,"))

    assert foreseen(orders("1,,a@x.jp,2026-05-10,100,,")) == Forecast(0, 1, 0, 1)


def test_an_id_takes_over_the_guest_with_its_address(foreseen):
    foreseen(orders("1,,a@x.jp,2026-05-10,100,,"))

    assert foreseen(orders("2,7,a@x.jp,2026-05-10,100,,")) == Forecast(1, 0, 0, 0)


def test_of_two_ids_with_one_address_one_takes_over_the_guest(foreseen):
    foreseen(orders("1,,a@x.jp,2026-05-10,100,,"))

    assert foreseen(
        orders("2,7,a@x.jp,2026-05-10,1,,", "3,8,a@x.jp,2026-05-10,1,,"),
    ) == Forecast(2, 0, 0, 1)


def test_a_guest_joins_the_one_member_with_the_address_of_the_same_file(foreseen):
    assert foreseen(orders("1,,a@x.jp,2026-05-10,100,,", "2,7,a@x.jp,2026-05-10,1,,")) == Forecast(
        2, 0, 0, 1
    )


def test_a_guest_whose_address_several_members_have_is_new(foreseen):
    foreseen(orders("1,7,a@x.jp,2026-05-10,1,,", "2,8,a@x.jp,2026-05-10,1,,"))

    assert foreseen(orders("3,,a@x.jp,2026-05-10,100,,")) == Forecast(1, 0, 0, 1)


def test_the_address_of_one_who_was_merged_finds_the_other(shop, foreseen):
    with tenant(shop):
        stays = make_customer(shop, email="b@x.jp")
        make_customer(shop, email="a@x.jp", merged_into=stays)

    assert foreseen(orders("1,,a@x.jp,2026-05-10,100,,")) == Forecast(1, 0, 0, 0)


def test_somebody_erased_is_a_stranger(shop, foreseen):
    with tenant(shop):
        make_customer(shop, email="a@x.jp", erased_at=NOON)

    assert foreseen(orders("1,,a@x.jp,2026-05-10,100,,")) == Forecast(1, 0, 0, 1)


def test_what_another_shop_has_is_not_known_here(shop, other_shop, foreseen):
    with tenant(other_shop):
        make_customer(other_shop, email="a@x.jp")

    assert foreseen(orders("1,,a@x.jp,2026-05-10,100,,")) == Forecast(1, 0, 0, 1)


def test_customers_are_new_changed_or_as_they_were(foreseen):
    foreseen(
        customers("1,a@x.jp,山口 佳代", "2,b@x.jp,佐藤 花子", "3,c@x.jp,", "4,d@x.jp,伊藤 進"),
        FileKind.CUSTOMERS,
    )

    assert foreseen(
        customers(
            "1,a@x.jp,山口 かよ",
            "2,b@x.jp,佐藤 花子",
            "3,new@x.jp,",
            "4,,",
            "5,e@x.jp,",
            ",f@x.jp,",
        ),
        FileKind.CUSTOMERS,
    ) == Forecast(2, 2, 2, 2)


def test_a_customer_s_real_address_is_not_lost_to_a_masked_one(foreseen):
    foreseen(customers("1,a@x.jp,A"), FileKind.CUSTOMERS)

    assert foreseen(customers("1,q@fw.rakuten.ne.jp,A"), FileKind.CUSTOMERS) == Forecast(0, 0, 1, 0)


def test_who_left_is_changed_once(foreseen):
    foreseen(eccube_customers({}), FileKind.CUSTOMERS)
    left = eccube_customers({"会員ステータス(ID)": "3"})

    assert foreseen(left, FileKind.CUSTOMERS) == Forecast(0, 1, 0, 0)
    assert foreseen(left, FileKind.CUSTOMERS) == Forecast(0, 0, 1, 0)


def test_a_customer_without_id_is_found_by_address(foreseen):
    foreseen(customers("1,a@x.jp,A"), FileKind.CUSTOMERS)

    assert foreseen(customers(",A@x.jp,B"), FileKind.CUSTOMERS) == Forecast(0, 1, 0, 0)


@pytest.mark.parametrize("seed", range(12))
def test_people_whose_ids_and_addresses_do_not_contradict_each_other_come_true(foreseen, seed):
    """Files at random, three on top of each other; each address has one person, with an id in
    some of the rows, and orders of their own."""
    rng = random.Random(seed)
    for _ in range(3):
        kind = rng.choice([FileKind.ORDERS, FileKind.ORDERS, FileKind.CUSTOMERS])
        people = [(str(n) if rng.random() < 0.6 else "", f"{'aB'[n % 2]}{n}@x.jp") for n in
                  rng.sample(range(30), 12)]  # fmt: skip
        if kind == FileKind.CUSTOMERS:
            rows = [f"{n},{address},{rng.choice('ABC')}" for n, address in people]
            foreseen(customers(*rows), kind)
            continue
        rows = [
            f"{address[:-5]}-{rng.randrange(3)},{n},{address},2026-05-10,{rng.randrange(2)},,茶"
            for n, address in people
        ]
        foreseen(orders(*rows))


def test_nothing_is_written(shop):
    content = orders("1,7,a@x.jp,2026-05-10,100,,茶")
    run = begin(content, shop=shop)

    with tenant(shop):
        staging = Staging(run)
        reader = reader_of(run, shop)
        staging.fill(io.BytesIO(content), reader)
        staging.judge(reader, Counts())
        forecast(run, staging)

        for model in (Customer, CustomerIdentity, Purchase):
            assert not model.objects.filter(shop=shop).exists()
