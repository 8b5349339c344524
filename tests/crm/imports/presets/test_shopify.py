from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.customers.enums import PurchaseStatus
from crm.imports.canonical import CustomerRow, OrderRow, Reader
from crm.imports.enums import FileKind, Reason, Refusal
from crm.imports.errors import FileRefusedError, RowRefusedError
from crm.imports.presets import shopify
from crm.imports.tables import Header
from tests.crm.imports.files import (
    SHOPIFY_CUSTOMERS,
    SHOPIFY_ITEM,
    SHOPIFY_ORDERS,
    read,
    shopify_customers,
    shopify_orders,
)

NEW_YORK = ZoneInfo("America/New_York")  # a shop's zone that is not the file's


def orders(content: bytes) -> list[OrderRow]:
    file = read(content)
    reader = Reader(shopify.layout(file.header, FileKind.ORDERS), NEW_YORK, "USD")
    return [reader.order(row) for row in file.rows]


def customers(content: bytes) -> list[CustomerRow]:
    file = read(content)
    reader = Reader(shopify.layout(file.header, FileKind.CUSTOMERS), NEW_YORK)
    return [reader.customer(row) for row in file.rows]


def test_the_first_row_tells_of_the_order():
    (row,) = orders(shopify_orders({}))

    assert (row.order_id, row.customer_id, row.email) == ("#1001", None, "kayo@example.jp")
    assert (row.name, row.channel) == ("山口 佳代", "web")
    assert (row.total, row.currency, row.refunded) == (5_400_00, "JPY", 0)
    assert row.ordered_at == datetime(2026, 5, 10, 3, tzinfo=UTC)
    assert row.status == PurchaseStatus.SHIPPED


def test_further_rows_tell_of_products_alone():
    first, second = orders(shopify_orders({}, SHOPIFY_ITEM))

    assert (second.order_id, second.ordered_at, second.total) == ("#1001", None, None)
    assert (second.currency, second.status, second.name) == (None, None, None)
    assert (first.product, first.product_code, first.quantity) == ("深蒸し茶 - 100g", "TEA-01", 2)
    assert (second.product, second.product_code, second.quantity) == ("湯のみ", "CUP-03", 1)


def test_a_first_row_without_its_total_is_no_further_row():
    with pytest.raises(RowRefusedError) as refused:
        orders(shopify_orders({"Total": ""}))

    assert (refused.value.reason, refused.value.column) == (Reason.EMPTY, "Total")


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"Financial Status": "pending", "Fulfillment Status": "unfulfilled"}, "placed"),
        ({"Financial Status": "authorized", "Fulfillment Status": ""}, "placed"),
        ({"Financial Status": "expired", "Fulfillment Status": "unfulfilled"}, "placed"),
        ({"Financial Status": "partially_paid", "Fulfillment Status": "partial"}, "placed"),
        ({"Financial Status": "paid", "Fulfillment Status": "unfulfilled"}, "paid"),
        ({"Financial Status": "paid", "Fulfillment Status": "partial"}, "paid"),
        ({"Financial Status": "pending"}, "shipped"),  # paid on delivery
        ({"Financial Status": "partially_refunded"}, "shipped"),
        ({"Financial Status": "refunded"}, "returned"),
        ({"Financial Status": "voided"}, "cancelled"),
        ({"Cancelled at": "2026-05-10 13:00:00 +0900"}, "cancelled"),
    ],
)
def test_the_state_is_told_by_money_parcel_and_cancelling(cells, status):
    (row,) = orders(shopify_orders(cells))

    assert row.status == status


def test_a_state_of_money_that_shopify_does_not_have_is_refused():
    with pytest.raises(RowRefusedError) as refused:
        orders(shopify_orders({"Financial Status": "支払い済み"}))

    assert refused.value.reason == Reason.STATUS_UNKNOWN


def test_who_gave_no_name_for_the_bill_is_called_as_the_parcel_is():
    (row,) = orders(shopify_orders({"Billing Name": "", "Shipping Name": "佐藤 花子"}))

    assert row.name == "佐藤 花子"


def test_a_date_that_a_spreadsheet_turned_into_a_number_is_no_date():
    with pytest.raises(RowRefusedError) as refused:
        orders(shopify_orders({"Created at": "45384.34789351852"}))

    assert refused.value.reason == Reason.DATE_AMBIGUOUS


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("佳代", "山口", "山口 佳代"),
        ("かよ", "ヤマグチ", "ヤマグチ かよ"),
        ("Kayo", "Yamaguchi", "Kayo Yamaguchi"),
        ("", "山口", "山口"),
        ("Kayo", "", "Kayo"),
    ],
)
def test_the_family_name_comes_first_where_it_is_written_so(first, last, name):
    (row,) = customers(shopify_customers({"First Name": first, "Last Name": last}))

    assert row.name == name


def test_a_customer_has_shopify_s_id_without_the_guard_before_it():
    (row,) = customers(shopify_customers({}))

    assert (row.customer_id, row.email) == ("6123456789012", "kayo@example.jp")


def test_a_file_of_an_older_kind_without_ids_is_read_by_address():
    file = read(shopify_customers({}))
    header = Header([name for name in SHOPIFY_CUSTOMERS if name != "Customer ID"])

    layout = shopify.layout(header, FileKind.CUSTOMERS)

    assert "customer_id" not in layout
    assert layout["email"].read(file.rows[0].cells[1:]) == "kayo@example.jp"


@pytest.mark.parametrize("name", ["Cancelled at", "Financial Status", "Total", "Created at"])
def test_without_what_decides_whether_an_order_counts_the_file_is_refused(name):
    header = Header([each for each in SHOPIFY_ORDERS if each != name])

    with pytest.raises(FileRefusedError) as refused:
        shopify.layout(header, FileKind.ORDERS)

    assert (refused.value.refusal, refused.value.detail) == (Refusal.COLUMNS_MISSING, name)
