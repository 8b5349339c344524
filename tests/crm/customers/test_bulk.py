import pytest
from django.db import DataError

from crm.customers import bulk
from crm.customers.models import Customer, Purchase
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase

pytestmark = pytest.mark.django_db


def a_purchase(shop, number, **kwargs) -> Purchase:
    values = {"ordered_at": NOON, "total": 1, "currency": "JPY", **kwargs}
    return Purchase(shop=shop, source="test", external_id=f"{number}", **values)


def test_rows_are_inserted_whole_and_get_their_ids(shop):
    with tenant(shop):
        customer = make_customer(shop)
        rows = [a_purchase(shop, number, customer=customer) for number in range(3)]
        rows[1].delivered_at, rows[2].channel = NOON, "店頭, \"'\\"

        bulk.insert(rows)

        stored = Purchase.objects.filter(shop=shop).in_bulk()
    assert {pk: row.external_id for pk, row in stored.items()} == {
        row.pk: row.external_id for row in rows
    }
    assert [stored[row.pk].delivered_at for row in rows] == [None, NOON, None]
    assert stored[rows[2].pk].channel == "店頭, \"'\\"
    assert all(row.created_at is not None for row in stored.values())


def test_only_the_named_fields_are_updated(shop):
    with tenant(shop):
        customer = make_customer(shop)
        first, second = make_purchase(customer, total=1), make_purchase(customer, total=2)
        first.total, first.channel = 10, "店頭"
        second.total = 20

        bulk.update([first, second], ["total"])

        stored = Purchase.objects.filter(shop=shop).order_by("pk").values_list("total", "channel")
        assert list(stored) == [(10, ""), (20, "")]


def test_no_rows_are_nothing(shop):
    with tenant(shop):
        bulk.insert([])
        bulk.update([], ["name"])

        assert not Customer.objects.filter(shop=shop).exists()


def test_a_text_too_long_is_refused_not_cut(shop):
    with pytest.raises(DataError), tenant(shop):
        bulk.insert([a_purchase(shop, 1, channel="x" * 41)])
