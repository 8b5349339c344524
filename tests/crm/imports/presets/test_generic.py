import pytest

from crm.imports.enums import FileKind, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.presets.generic import layout
from crm.imports.tables import Header


def test_a_mapping_names_the_columns_of_the_file_and_our_own_names_fill_the_rest():
    header = Header(["order_id", "customer_code", "purchased_on", "amount", "quantity"])
    mapping = {"customer_id": "Customer_Code", "ordered_at": "purchased_on", "total": "amount"}

    found = layout(header, FileKind.ORDERS, mapping)

    cells = ["1", "00004", "1997-01-01", "29.33", "2"]
    assert {name: column.read(cells) for name, column in found.items()} == {
        "order_id": "1",
        "customer_id": "00004",
        "ordered_at": "1997-01-01",
        "total": "29.33",
        "quantity": "2",
    }


def test_one_column_may_serve_twice():
    header = Header(["email", "ordered_at", "total", "order_id"])

    found = layout(header, FileKind.ORDERS, {"customer_id": "email"})

    assert found["customer_id"].label == found["email"].label == "email"


@pytest.mark.parametrize(
    ("mapping", "refusal", "detail"),
    [
        ({"colour": "total"}, Refusal.MAPPING_UNKNOWN, "colour"),
        ({"total": "sum"}, Refusal.COLUMN_NOT_IN_FILE, "sum"),
        ({"name": "memo"}, Refusal.COLUMN_REPEATED, "memo"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, refusal, detail):
    header = Header(["order_id", "email", "ordered_at", "total", "memo", "memo"])

    with pytest.raises(FileRefusedError) as refused:
        layout(header, FileKind.ORDERS, mapping)

    assert (refused.value.refusal, refused.value.detail) == (refusal, detail)


def test_a_column_nobody_needs_may_stand_there_twice():
    header = Header(["order_id", "email", "ordered_at", "total", "memo", "memo"])

    assert set(layout(header, FileKind.ORDERS)) == {"order_id", "email", "ordered_at", "total"}
