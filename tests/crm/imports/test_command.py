import csv
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from crm.customers.models import Customer, Purchase
from crm.imports.models import ImportRun
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.imports.files import (
    base_orders,
    eccube_orders,
    shopify_customers,
    shopify_orders,
)
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

SHARED = Path(os.environ.get("HORETSU_SHARED") or Path(__file__).resolve().parents[4] / "shared")
CDNOW = SHARED / "data" / "cdnow_sample_purchases.csv"
GOOD = "order_id,email,ordered_at,total\n1,a@example.jp,2026-05-10,1000\n"
BAD = "2,b@example.jp,01/02/2026,1000\n"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(GOOD + BAD, encoding="utf-8")
    return path


def import_csv(path, *options: str, shop: str = "otonari", kind: str = "orders") -> str:
    out = io.StringIO()
    call_command("import_csv", str(path), "--shop", shop, "--kind", kind, *options, stdout=out)
    return out.getvalue()


def purchases(shop) -> int:
    with tenant(shop):
        return Purchase.objects.filter(shop=shop).count()


@pytest.mark.skipif(not CDNOW.exists(), reason=f"{CDNOW} is not there to be read")
def test_the_cdnow_sample_adds_up(owner):
    shop = make_shop("s", owner=owner, time_zone="UTC")
    options = "--format generic --map order_id=order_id --map customer_id=customer_code"
    options += " --map ordered_at=purchased_on --map total=amount"

    first = import_csv(CDNOW, *options.split(), shop="s")
    second = import_csv(CDNOW, shop="s")

    assert "Orders: 6,919 new, 0 changed, 0 as they were." in first
    assert "In all: 244,091.94 JPY in 6,919 orders" in first
    assert "Customers: 2,357 in this file, 2,357 of them new, 0 changed." in first
    assert "Orders: 0 new, 0 changed, 6,919 as they were." in second
    assert "Nothing was changed" in second
    with tenant(shop):
        totals = Purchase.objects.filter(shop=shop).values_list("total", flat=True)
        assert (len(totals), sum(totals), 0 in totals) == (6_919, 244_091_94, True)
        assert Customer.objects.filter(shop=shop).count() == 2_357
        assert Work.objects.filter(shop=shop, kind="review").count() == 2_357


def test_the_report_says_what_went_in_and_what_was_left_out(shop, file):
    said = import_csv(file)

    assert "orders.csv: 2 rows" in said
    assert "Orders: 1 new, 0 changed, 0 as they were." in said
    assert "In all: 1,000 JPY in 1 orders" in said
    assert "Left out: 1\n  1  This date can be read in more than one way." in said
    assert "Nobody was written to." in said


def test_the_first_rows_are_shown_before_anything_is_written(shop, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(eccube_orders({"お名前(姓)": "髙﨑"}))

    said = import_csv(path)

    assert said.index("Read as CP932 (Shift_JIS), separated by commas.") < said.index("髙﨑")
    assert said.index("髙﨑") < said.index("Orders: 1 new")


def test_a_rehearsal_says_the_same_and_writes_nothing(shop, file):
    rehearsed = import_csv(file, "--dry-run")

    assert purchases(shop) == 0
    with tenant(shop):
        assert not ImportRun.objects.filter(shop=shop).exists()
        assert not Work.objects.filter(shop=shop).exists()
    assert import_csv(file) == rehearsed.replace("This was a rehearsal: nothing was written.\n", "")


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_the_rows_left_out_are_written_to_a_file(shop, file, tmp_path, options):
    errors = tmp_path / "errors.csv"

    said = import_csv(file, "--errors", str(errors), *options)

    assert f"Rows to look at: 1, in {errors}" in said
    with errors.open(encoding="utf-8-sig", newline="") as written:
        _header, row = csv.reader(written)
    assert row[0] == "3"
    assert row[3:] == ["ordered_at", "01/02/2026", BAD.strip()]


def test_a_file_that_was_taken_in_before_is_said_to_be(shop, file):
    import_csv(file)

    assert "This very file was taken in before, on" in import_csv(file)


def test_a_shop_is_found_whatever_the_case_of_its_word(shop, file):
    assert "1 new" in import_csv(file, shop="Otonari")


@pytest.mark.parametrize(
    ("content", "kind", "format", "said"),
    [
        (shopify_orders({}), "orders", "shopify", "Orders: 1 new"),
        (shopify_customers({}), "customers", "shopify", "Customers: 1 in this file, 1 of them new"),
        (base_orders({}), "orders", "base", "In all: 5,400 JPY in 1 orders"),
    ],
)
@pytest.mark.parametrize("is_declared", [True, False])
def test_the_files_of_other_carts_are_read(
    shop, tmp_path, content, kind, format, said, is_declared
):
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    options = ("--format", format) if is_declared else ()

    assert said in import_csv(path, *options, kind=kind)


def test_the_source_says_whose_ids_these_are(shop, file):
    import_csv(file)

    import_csv(file, "--source", "store")

    with tenant(shop):
        sources = Purchase.objects.filter(shop=shop).values_list("source", flat=True)
        assert sorted(sources) == ["generic", "store"]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"PK\x03\x04", (), "Excel workbook"),
        (b"a,b\n1,2\n", (), "lacks columns that are needed"),
        (GOOD.encode(), ("--format", "eccube"), "注文ID"),
        (GOOD.encode(), ("--map", "total"), "total=amount"),
        (GOOD.encode(), ("--map", "colour=total"), "colour"),
        (GOOD.encode(), ("--source", "x" * 41), "40"),
        (GOOD.encode(), ("--shop", "nowhere"), "There is no shop nowhere."),
    ],
)
def test_what_cannot_be_done_is_said_in_words(shop, tmp_path, content, options, words):
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=words):
        import_csv(path, *options)

    assert purchases(shop) == 0


def test_a_file_that_is_not_there_is_said_to_be_missing(shop, tmp_path):
    with pytest.raises(CommandError, match="nothing"):
        import_csv(tmp_path / "nothing.csv")
