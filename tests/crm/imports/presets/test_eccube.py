import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm.customers.enums import PurchaseStatus
from crm.imports.canonical import CustomerRow, OrderRow, Reader
from crm.imports.enums import FileKind, Reason, Refusal
from crm.imports.errors import FileRefusedError, RowRefusedError
from crm.imports.presets import eccube
from crm.imports.tables import Header
from tests.crm.imports.files import FEE, eccube_customers, eccube_orders, read

SHARED = Path(os.environ.get("HORETSU_SHARED") or Path(__file__).resolve().parents[5] / "shared")
HEADERS = SHARED / "data" / "eccube_csv_headers.json"
TOKYO = ZoneInfo("Asia/Tokyo")


def orders(content: bytes) -> list[OrderRow]:
    file = read(content)
    reader = Reader(eccube.layout(file.header, FileKind.ORDERS), TOKYO)
    return [reader.order(row) for row in file.rows]


def customers(content: bytes) -> list[CustomerRow]:
    file = read(content)
    reader = Reader(eccube.layout(file.header, FileKind.CUSTOMERS), TOKYO)
    return [reader.customer(row) for row in file.rows]


def refusal_of_row(content: bytes, reading=orders) -> RowRefusedError:
    with pytest.raises(RowRefusedError) as refused:
        reading(content)
    return refused.value


@pytest.mark.skipif(not HEADERS.exists(), reason=f"{HEADERS} is not there to compare with")
def test_the_headers_are_those_of_ec_cube():
    known = json.loads(HEADERS.read_text(encoding="utf-8"))

    assert list(eccube.ORDER_HEADER) == known["受注CSV(type 3)"]
    assert list(eccube.CUSTOMER_HEADER) == known["会員CSV(type 2)"]


def test_the_order_header_has_70_columns_and_its_postage_twice():
    header = Header(eccube.ORDER_HEADER)

    assert len(header) == 70
    assert [header.position("送料", nth) for nth in (1, 2)] == [23, 65]
    assert len(eccube.CUSTOMER_HEADER) == 27


def test_a_row_is_an_order_with_one_of_its_products():
    (row,) = orders(eccube_orders({}))

    assert (row.order_id, row.customer_id, row.email) == ("1", "12", "kayo@example.jp")
    assert (row.name, row.kana) == ("山口 佳代", "ヤマグチ カヨ")
    assert row.ordered_at == datetime(2026, 5, 10, 3, tzinfo=UTC)
    assert row.total == 5_400_00  # 支払合計: after points, not 合計
    assert (row.product, row.product_code, row.quantity) == ("深蒸し茶", "TEA-01", 2)
    assert row.status == PurchaseStatus.SHIPPED


def test_a_fee_is_a_row_of_the_order_but_no_product():
    rows = orders(eccube_orders({}, FEE))

    assert [(row.order_id, row.product, row.quantity) for row in rows] == [
        ("1", "深蒸し茶", 2),
        ("1", None, None),
    ]


def test_a_guest_has_no_id():
    (row,) = orders(eccube_orders({"会員ID": ""}))

    assert (row.customer_id, row.email) == (None, "kayo@example.jp")


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("1", PurchaseStatus.PLACED),
        ("3", PurchaseStatus.CANCELLED),
        ("4", PurchaseStatus.PLACED),
        ("5", PurchaseStatus.SHIPPED),
        ("6", PurchaseStatus.PAID),
        ("9", PurchaseStatus.RETURNED),
    ],
)
def test_the_status_is_known_by_its_number_whatever_the_shop_calls_it(number, status):
    (row,) = orders(eccube_orders({"対応状況(ID)": number, "対応状況(名称)": "お店の言い方"}))

    assert row.status == status


def test_without_its_number_the_status_is_known_by_its_name():
    header = [name for name in eccube.ORDER_HEADER if name != "対応状況(ID)"]

    (row,) = orders(eccube_orders({"対応状況(名称)": "返品"}, header=header))

    assert row.status == PurchaseStatus.RETURNED


@pytest.mark.parametrize("number", ["7", "8"])
def test_a_purchase_in_progress_is_no_order_yet_though_it_lacks_its_date(number):
    refused = refusal_of_row(eccube_orders({"対応状況(ID)": number, "受注日": ""}))

    assert (refused.reason, refused.column) == (Reason.NOT_AN_ORDER_YET, "対応状況(ID)")


def test_a_status_of_the_shop_s_own_is_refused_not_guessed():
    refused = refusal_of_row(eccube_orders({"対応状況(ID)": "10", "対応状況(名称)": "予約"}))

    assert refused.reason == Reason.STATUS_UNKNOWN


def test_reordered_and_added_columns_are_found_by_name():
    header = [*reversed(eccube.ORDER_HEADER), "お届け先メモ(プラグイン)"]

    assert orders(eccube_orders({}, header=header)) == orders(eccube_orders({}))


def test_only_the_needed_columns_are_needed():
    header = ["注文ID", "会員ID", "受注日", "支払合計", "対応状況(ID)"]

    (row,) = orders(eccube_orders({}, header=header))

    assert (row.order_id, row.email, row.name, row.product) == ("1", None, None, None)


def test_without_the_kind_of_item_no_row_is_taken_for_a_product():
    header = [name for name in eccube.ORDER_HEADER if not name.startswith("明細区分")]

    (row,) = orders(eccube_orders({}, header=header))

    assert row.product is None


@pytest.mark.parametrize("missing", ["注文ID", "受注日", "支払合計"])
def test_a_needed_column_that_is_switched_off_is_named(missing):
    header = [name for name in eccube.ORDER_HEADER if name != missing]

    with pytest.raises(FileRefusedError) as refused:
        orders(eccube_orders({}, header=header))

    assert (refused.value.refusal, refused.value.detail) == (Refusal.COLUMNS_MISSING, missing)


def test_letters_beyond_shift_jis_survive():
    (row,) = orders(eccube_orders({"お名前(姓)": "髙﨑", "お名前(名)": "ソ表能㈱①"}))

    assert row.name == "髙﨑 ソ表能㈱①"
    assert row.remarks == ()


def test_a_file_saved_again_by_excel_is_read_the_same():
    (row,) = orders(eccube_orders({"受注日": "2026/5/10 12:00", "支払合計": "5400"}))

    assert (row.ordered_at, row.total) == (datetime(2026, 5, 10, 3, tzinfo=UTC), 5_400_00)


def test_a_member_has_name_reading_and_address():
    (row,) = customers(eccube_customers({}))

    assert (row.customer_id, row.email) == ("12", "kayo@example.jp")
    assert (row.name, row.kana, row.has_left) == ("山口 佳代", "ヤマグチ カヨ", False)


def test_a_provisional_member_is_no_customer_yet():
    refused = refusal_of_row(eccube_customers({"会員ステータス(ID)": "1"}), customers)

    assert refused.reason == Reason.NOT_A_MEMBER_YET


def test_who_has_left_is_known_without_the_address_ec_cube_made_up():
    (row,) = customers(
        eccube_customers({"会員ステータス(ID)": "3", "メールアドレス": "qwertz@dummy.dummy"})
    )

    assert (row.has_left, row.email) == (True, None)
