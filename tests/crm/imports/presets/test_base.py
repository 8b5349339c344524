from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.imports.canonical import OrderRow, Reader
from crm.imports.enums import FileKind, Reason, Refusal
from crm.imports.errors import FileRefusedError, RowRefusedError
from crm.imports.presets import base
from crm.imports.tables import Header
from tests.crm.imports.files import BASE_OPTION, base_orders, read

TOKYO = ZoneInfo("Asia/Tokyo")


def orders(content: bytes) -> list[OrderRow]:
    file = read(content)
    reader = Reader(base.layout(file.header, FileKind.ORDERS), TOKYO)
    return [reader.order(row) for row in file.rows]


def refused(*rows: dict[str, str]) -> RowRefusedError:
    with pytest.raises(RowRefusedError) as caught:
        orders(base_orders(*rows))
    return caught.value


def test_a_row_is_an_order_with_one_of_its_products():
    (row,) = orders(base_orders({}))

    assert (row.order_id, row.customer_id) == ("0A1B2C3D4E5F6789", None)
    assert (row.email, row.name) == ("kayo@example.jp", "山口 佳代")
    assert row.ordered_at == datetime(2026, 5, 10, 3, tzinfo=UTC)
    assert (row.product, row.quantity, row.channel) == ("深蒸し茶", 2, "WEB")


def test_the_row_tells_its_part_of_the_total_and_the_fees_of_the_order():
    (row,) = orders(base_orders({"代引き手数料": "330", "調整金額": "-1,000"}))

    assert (row.part, row.total) == (4_800_00, 600_00 + 330_00 - 1_000_00)


def test_an_option_of_a_product_costs_money_and_is_no_product():
    (row,) = orders(base_orders(BASE_OPTION))

    assert (row.part, row.product, row.quantity) == (200_00, None, None)


def test_an_option_without_a_price_is_free():
    (row,) = orders(base_orders({**BASE_OPTION, "価格": ""}))

    assert row.part == 0


def test_a_product_without_a_price_is_refused():
    refusal = refused({"価格": ""})

    assert (refusal.reason, refusal.column) == (Reason.EMPTY, "価格")


def test_the_code_of_a_product_is_there_where_the_shop_uses_codes():
    (row,) = orders(
        base_orders({"商品コード": "TEA-01"}, header=[*base.ORDER_HEADER, "商品コード"])
    )

    assert row.product_code == "TEA-01"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("未対応", "placed"),
        ("入金待ち", "placed"),
        ("対応中", "placed"),
        ("対応済み", "shipped"),
        ("発送済み", "shipped"),
        ("着荷", "delivered"),
        ("キャンセル", "cancelled"),
        ("", None),
    ],
)
def test_the_state_of_an_order(word, status):
    (row,) = orders(base_orders({"発送状況": word}))

    assert row.status == status


def test_a_state_that_base_does_not_have_is_refused():
    refusal = refused({"発送状況": "どこかへ"})

    assert (refusal.reason, refusal.value) == (Reason.STATUS_UNKNOWN, "どこかへ")


@pytest.mark.parametrize("name", ["発送状況", "送料", "メールアドレス(請求先)"])
def test_without_a_needed_column_the_file_is_refused(name):
    header = Header([each for each in base.ORDER_HEADER if each != name])

    with pytest.raises(FileRefusedError) as caught:
        base.layout(header, FileKind.ORDERS)

    assert (caught.value.refusal, caught.value.detail) == (Refusal.COLUMNS_MISSING, name)
