import pytest

from crm.imports.enums import FileKind, Format, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.guessing import Settled, first_reading, guess_kind, lacking, propose
from crm.imports.presets import eccube
from crm.imports.tables import Header
from tests.crm.imports.files import SHOPIFY_CUSTOMERS, SHOPIFY_ORDERS

COLORME = Header(
    [
        "売上ID",
        "受注日",
        "購入者",
        "購入者メールアドレス",
        "総合計金額",
        "入金状態",
        "購入商品商品名",
    ]
)


@pytest.mark.parametrize(
    ("header", "kind", "format"),
    [
        (eccube.ORDER_HEADER, FileKind.ORDERS, Format.ECCUBE),
        (eccube.CUSTOMER_HEADER, FileKind.CUSTOMERS, Format.ECCUBE),
        (SHOPIFY_ORDERS, FileKind.ORDERS, Format.SHOPIFY),
        (SHOPIFY_CUSTOMERS, FileKind.CUSTOMERS, Format.SHOPIFY),
        (("email", "name"), FileKind.CUSTOMERS, Format.GENERIC),
        (("order_id", "email", "ordered_at", "total"), FileKind.ORDERS, Format.GENERIC),
    ],
)
@pytest.mark.parametrize("believed", [None, *FileKind])
def test_a_file_is_what_its_columns_say_whatever_it_was_believed_to_be(
    header, kind, format, believed
):
    settled = first_reading(Header(header), kind=believed)

    if format == Format.GENERIC and believed == FileKind.CUSTOMERS:
        kind = FileKind.CUSTOMERS  # an address is enough to be a customer
    assert settled == Settled(kind, format, format.value)


def test_a_file_with_the_columns_of_an_earlier_one_is_read_as_that_was():
    before = Settled(FileKind.ORDERS, Format.GENERIC, "store", {"total": "金額"}, "%d.%m.%Y")

    assert first_reading(Header(["番号", "金額"]), before=before) == before


def test_an_unknown_file_is_for_a_person_to_say():
    assert first_reading(COLORME) is None


def test_a_file_that_is_certainly_of_one_format_and_broken_is_refused():
    with pytest.raises(FileRefusedError) as refused:
        first_reading(Header([*eccube.ORDER_HEADER, "注文ID"]))

    assert refused.value.refusal == Refusal.COLUMN_REPEATED


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (COLORME.cells, FileKind.ORDERS),
        (("お名前", "メールアドレス"), FileKind.CUSTOMERS),
        (("a", "b"), FileKind.CUSTOMERS),
    ],
)
def test_the_kind_is_guessed_by_what_only_orders_have(header, kind):
    assert guess_kind(Header(header)) == kind


def test_columns_are_proposed_by_what_others_call_them():
    assert propose(COLORME, FileKind.ORDERS) == {
        "order_id": "売上ID",
        "email": "購入者メールアドレス",
        "ordered_at": "受注日",
        "total": "総合計金額",
        "product": "購入商品商品名",
    }


def test_the_likeliest_name_is_proposed_and_each_column_once():
    header = Header(["合計", "合計金額", "注文日時", "メール", "Mail"])

    assert propose(header, FileKind.ORDERS) == {
        "email": "メール",
        "ordered_at": "注文日時",
        "total": "合計金額",
    }


def test_a_column_that_is_there_twice_is_not_proposed():
    assert propose(Header(["合計金額", "合計金額", "小計"]), FileKind.ORDERS) == {}


def test_what_a_mapping_lacks_is_told():
    assert lacking({"order_id": "番号", "email": "メール"}, FileKind.ORDERS) == [
        ("ordered_at",),
        ("total",),
    ]
