from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.customers.enums import PurchaseStatus
from crm.imports.canonical import (
    CUSTOMER_COLUMNS,
    ORDER_COLUMNS,
    CustomerRow,
    OrderRow,
    Reader,
    status_of,
)
from crm.imports.enums import FileKind, Reason, Remark
from crm.imports.errors import CellRefusedError, RowRefusedError
from crm.imports.presets import generic
from crm.imports.tables import Header, Row

TOKYO = ZoneInfo("Asia/Tokyo")
NEEDED = {"order_id": "1", "email": "a@example.jp", "ordered_at": "2026-05-10", "total": "1000"}


def order(cells: dict[str, str], currency: str = "JPY") -> OrderRow:
    layout = generic.layout(Header(list(cells)), FileKind.ORDERS)
    return Reader(layout, TOKYO, currency).order(Row(2, list(cells.values()), ""))


def customer(cells: dict[str, str]) -> CustomerRow:
    layout = generic.layout(Header(list(cells)), FileKind.CUSTOMERS)
    return Reader(layout, TOKYO).customer(Row(2, list(cells.values()), ""))


def test_a_row_with_every_column_is_an_order():
    row = order(
        {
            **NEEDED,
            "customer_id": "00012",
            "name": "山口　佳代",
            "kana": "ヤマグチ カヨ",
            "currency": "usd",
            "total": "$10.50",
            "status": "Cancelled",
            "refunded": "10.5",
            "delivered_at": "2026-05-12 09:00",
            "channel": "店頭",
            "product": "深蒸し茶",
            "product_code": "TEA-01",
            "quantity": "2",
            "subscription_id": "S1",
            "subscription_no": "3",
        }
    )

    assert asdict(row) == {
        "line": 2,
        "order_id": "1",
        "customer_id": "00012",
        "email": "a@example.jp",
        "address": "a@example.jp",
        "name": "山口 佳代",
        "kana": "ヤマグチ カヨ",
        "ordered_at": datetime(2026, 5, 9, 15, tzinfo=UTC),
        "total": 10_50,
        "part": None,
        "currency": "USD",
        "status": PurchaseStatus.CANCELLED,
        "refunded": 10_50,
        "delivered_at": datetime(2026, 5, 12, tzinfo=UTC),
        "channel": "店頭",
        "product": "深蒸し茶",
        "product_code": "TEA-01",
        "quantity": 2,
        "subscription_id": "S1",
        "subscription_no": 3,
        "remarks": (),
    }
    assert set(ORDER_COLUMNS) == asdict(row).keys() - {"line", "address", "part", "remarks"}


def test_what_the_file_does_not_say_is_none():
    row = order(NEEDED)

    told = {"line", "remarks", "order_id", "email", "address", "ordered_at", "total"}
    silent = asdict(row).keys() - told
    assert {name for name in silent if getattr(row, name) is not None} == {"currency"}
    assert row.currency == "JPY"  # the shop's


def test_an_empty_cell_says_nothing():
    row = order({**NEEDED, "status": " ", "refunded": "", "currency": "　", "name": "''"[:1]})

    assert (row.status, row.refunded, row.currency) == (None, None, "JPY")


def test_a_total_of_zero_is_a_total():
    assert order({**NEEDED, "total": "0"}).total == 0


def test_a_refund_of_zero_says_that_there_is_none():
    assert order({**NEEDED, "refunded": "0"}).refunded == 0


def test_an_address_is_compared_folded_and_one_that_a_marketplace_made_up_not_at_all():
    emails = ["Ａ@EXAMPLE.JP", "x1@fw.rakuten.ne.jp", "nobody", ""]

    assert [order({**NEEDED, "email": email}).address for email in emails] == [
        "a@example.jp",
        None,
        None,
        None,
    ]


def test_an_order_may_have_nobody():
    row = order({**NEEDED, "email": ""})

    assert (row.customer_id, row.email) == (None, None)


def test_a_refused_row_names_the_column_of_the_file_and_its_cell():
    header = Header(["注文", "客", "日", "円"])
    mapping = {"order_id": "注文", "customer_id": "客", "ordered_at": "日", "total": "円"}
    reader = Reader(generic.layout(header, FileKind.ORDERS, mapping), TOKYO)

    with pytest.raises(RowRefusedError) as refused:
        reader.order(Row(2, ["1", "2", "2026-05-10", "12,0"], ""))

    assert refused.value.reason == Reason.MONEY_UNREADABLE
    assert (refused.value.column, refused.value.value) == ("円", "12,0")


@pytest.mark.parametrize(
    "email", ["nobody", "a@b@c", "a b@example.jp", "@example.jp", "a@" + "x" * 260]
)
def test_an_address_that_cannot_be_used_is_left_out_and_remarked(email):
    row = order({**NEEDED, "email": email})

    assert row.email is None
    assert row.remarks == (Remark.ADDRESS_UNUSABLE,)


@pytest.mark.parametrize("email", [".a..b.@docomo.ne.jp", '"a..b"@docomo.ne.jp', "A@EXAMPLE.JP"])
def test_an_old_carrier_address_is_kept(email):
    assert order({**NEEDED, "email": email}).email == email


@pytest.mark.parametrize("name", ["?橋 花子", "\N{REPLACEMENT CHARACTER}橋 花子", "\ue000橋 花子"])
def test_a_name_that_lost_a_character_is_kept_and_remarked(name):
    row = order({**NEEDED, "name": name})

    assert row.name == name
    assert row.remarks == (Remark.NAME_GARBLED,)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("placed", PurchaseStatus.PLACED),
        ("PAID", PurchaseStatus.PAID),
        ("Canceled", PurchaseStatus.CANCELLED),
        ("キャンセル", PurchaseStatus.CANCELLED),
        ("ｷｬﾝｾﾙ", PurchaseStatus.CANCELLED),
        ("返品", PurchaseStatus.RETURNED),
        ("再送", PurchaseStatus.SAMPLE),
        ("test", PurchaseStatus.TEST),
    ],
)
def test_a_status_is_known_by_its_words(text, status):
    assert status_of(text) == status


def test_an_unknown_status_is_refused():
    with pytest.raises(CellRefusedError) as refused:
        status_of("たぶん発送")

    assert refused.value.reason == Reason.STATUS_UNKNOWN


def test_a_customer_has_what_the_file_says():
    row = customer(
        {"customer_id": "7", "email": "a@example.jp", "name": "A", "kana": "B", "locale": "en-GB"}
    )

    assert (row.customer_id, row.email, row.name, row.kana) == ("7", "a@example.jp", "A", "B")
    assert (row.locale, row.has_left, row.remarks) == ("en", False, ())
    assert set(CUSTOMER_COLUMNS) == asdict(row).keys() - {"line", "address", "has_left", "remarks"}


def test_a_language_we_do_not_write_in_is_remarked():
    row = customer({"customer_id": "7", "locale": "fr"})

    assert (row.locale, row.remarks) == (None, (Remark.LANGUAGE_UNKNOWN,))


def test_a_customer_without_id_and_address_is_nobody():
    with pytest.raises(RowRefusedError) as refused:
        customer({"customer_id": "", "email": "nobody", "name": "A"})

    assert refused.value.reason == Reason.NO_IDENTITY
