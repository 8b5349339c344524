import pytest

from crm.imports.enums import FileKind, Format, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.formats import recognise
from crm.imports.presets import base, eccube
from crm.imports.tables import Header
from tests.crm.imports import files

GENERIC = ["order_id", "email", "ordered_at", "total"]


def refused(header, **kwargs) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        recognise(Header(header), **{"kind": FileKind.ORDERS, **kwargs})
    return caught.value


@pytest.mark.parametrize(
    ("header", "kind", "format"),
    [
        (eccube.ORDER_HEADER, FileKind.ORDERS, Format.ECCUBE),
        (eccube.CUSTOMER_HEADER, FileKind.CUSTOMERS, Format.ECCUBE),
        (files.SHOPIFY_ORDERS, FileKind.ORDERS, Format.SHOPIFY),
        (files.SHOPIFY_CUSTOMERS, FileKind.CUSTOMERS, Format.SHOPIFY),
        (base.ORDER_HEADER, FileKind.ORDERS, Format.BASE),
        (GENERIC, FileKind.ORDERS, Format.GENERIC),
        (["email", "name"], FileKind.CUSTOMERS, Format.GENERIC),
    ],
)
def test_a_file_is_recognised_by_its_header(header, kind, format):
    assert recognise(Header(header), kind=kind).format == format


def test_a_mapping_makes_it_generic():
    mapping = {
        "order_id": "注文番号",
        "ordered_at": "受注日",
        "total": "合計",
        "email": "メールアドレス",
    }

    found = recognise(Header(eccube.ORDER_HEADER), kind=FileKind.ORDERS, mapping=mapping)

    assert found.format == Format.GENERIC
    assert found.layout["total"].label == "合計"


def test_an_unknown_header_is_refused_with_what_each_format_lacks():
    refusal = refused(["order_id", "email", "受注日"])

    assert refusal.refusal == Refusal.COLUMNS_MISSING
    assert "ordered_at, total" in refusal.detail
    assert "注文ID, 会員ID / メールアドレス, 支払合計" in refusal.detail


def test_a_declared_format_is_refused_with_what_it_lacks_alone():
    refusal = refused(["order_id"], format=Format.GENERIC)

    assert refusal.detail == "customer_id / email, ordered_at, total"


def test_a_mapping_for_a_format_that_knows_its_columns_is_refused():
    refusal = refused(eccube.ORDER_HEADER, format=Format.ECCUBE, mapping={"total": "合計"})

    assert refusal.refusal == Refusal.MAPPING_NOT_USED


def test_what_is_certainly_one_format_is_not_tried_as_another():
    refusal = refused([*eccube.ORDER_HEADER, "注文ID"])

    assert (refusal.refusal, refusal.detail) == (Refusal.COLUMN_REPEATED, "注文ID")


def test_a_format_without_files_of_this_kind_says_so():
    refusal = refused(base.ORDER_HEADER, kind=FileKind.CUSTOMERS, format=Format.BASE)

    assert refusal.refusal == Refusal.KIND_UNKNOWN
