import io
import time
from contextlib import nullcontext

import pytest
from django.db import connection

from crm.customers.models import Consent, Customer, CustomerIdentity, Purchase, PurchaseLine
from crm.imports import services, staging
from crm.imports.counts import Money
from crm.imports.enums import FileKind, Reason, Remark, RunState
from crm.imports.models import ImportNote, ImportRun
from crm.imports.selectors import same_file_before
from crm.mail.models import Mail
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.imports.conftest import begin, finish, go_on
from tests.crm.imports.files import (
    BASE_OPTION,
    FEE,
    SHOPIFY_ITEM,
    base_orders,
    eccube_customers,
    eccube_orders,
    shopify_customers,
    shopify_orders,
)
from tests.factories import NOON

pytestmark = pytest.mark.django_db

HEADER = "order_id,customer_id,email,ordered_at,total,status,refunded,product,quantity\n"


def orders(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def many(count: int) -> bytes:
    return orders(*(f"{n},{n % 3},,2026-05-10,{n},,,," for n in range(1, count + 1)))


def stored(shop, *fields: str) -> list[tuple]:
    with tenant(shop):
        return list(Purchase.objects.filter(shop=shop).order_by("pk").values_list(*fields))


def notes(shop) -> list[tuple]:
    with tenant(shop):
        rows = ImportNote.objects.filter(shop=shop).order_by("line", "pk")
        return list(rows.values_list("line", "code", "column", "value"))


def everything_but_the_log(shop) -> list:
    """Every row of the shop with the place where it was last written."""
    tables = ("customer", "customeridentity", "purchase", "purchaseline", "consent", "work", "mail")
    with tenant(shop), connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT ctid, t::text FROM crm_{table} t ORDER BY id")  # noqa: S608
            rows.append((table, cursor.fetchall()))
        return rows


# -- one order, many rows -----------------------------------------------------------------


def test_rows_of_one_order_may_stand_apart_and_its_money_counts_once(shop, take_in):
    content = orders(
        "1,7,,2026-05-10,1000,,,茶,2",
        "2,8,,2026-05-10,500,,,茶,1",
        "1,7,,2026-05-10,1000,,,湯のみ,",
    )

    counts = take_in(content)

    assert stored(shop, "external_id", "total") == [("1", 1000_00), ("2", 500_00)]
    assert counts.money == {"JPY": Money(2, 1500_00, 0, 0)}
    with tenant(shop):
        lines = PurchaseLine.objects.filter(shop=shop, purchase__external_id="1").order_by(
            "position"
        )
        assert list(lines.values_list("product", "quantity")) == [("茶", 2), ("湯のみ", 1)]


def test_order_money_on_the_first_row_alone_is_enough_when_the_cell_is_optional(shop, take_in):
    take_in(orders("1,7,,2026-05-10,1000,cancelled,500,,", "1,,,2026-05-10,1000,,,,"))

    assert stored(shop, "status", "refunded") == [("cancelled", 500_00)]


def test_rows_that_disagree_on_the_money_leave_the_order_out(shop, take_in):
    content = orders("1,7,,2026-05-10,1000,,,,", "2,7,,2026-05-10,1,,,,", "1,7,,2026-05-10,900,,,,")

    counts = take_in(content)

    assert stored(shop, "external_id") == [("2",)]
    assert notes(shop) == [(2, Reason.ROWS_DISAGREE, "total", "1")]
    assert counts.left_out == {Reason.ROWS_DISAGREE: 1}


def test_an_order_with_an_unreadable_row_waits_for_a_whole_file(shop, take_in):
    take_in(orders("1,7,,2026-05-10,1000,,,茶,two", "1,7,,2026-05-10,1000,,,湯のみ,1"))

    assert stored(shop, "external_id") == []
    assert notes(shop) == [
        (2, Reason.NUMBER_UNREADABLE, "quantity", "two"),
        (3, Reason.ANOTHER_ROW_LEFT_OUT, "", "1"),
    ]


# -- bad rows -----------------------------------------------------------------------------


def test_one_poisoned_row_in_ten_thousand_costs_itself_alone(shop, take_in):
    rows = many(10_000).decode().splitlines()[1:]
    rows[4_321] = '4322,1,,2026-05-10,"1,0",,,,'

    counts = take_in(orders(*rows))

    assert (counts.created, counts.rows) == (9_999, 10_000)
    assert notes(shop) == [(4_323, Reason.MONEY_UNREADABLE, "total", "1,0")]
    with tenant(shop):
        assert ImportNote.objects.get(shop=shop).raw == rows[4_321] + "\n"


def test_a_mended_file_brings_what_was_left_out(shop, take_in):
    take_in(orders("1,7,,2026-05-10,1000,,,,", "2,7,,yesterday,1000,,,,"))

    counts = take_in(orders("1,7,,2026-05-10,1000,,,,", "2,7,,2026-05-10,1000,,,,"))

    assert (counts.created, counts.unchanged) == (1, 1)


def test_a_row_with_nul_is_kept_as_a_note_that_can_be_stored(shop, take_in):
    counts = take_in(orders("1,7,,2026-05-10,1000,,,\0,1"))

    assert counts.left_out == {Reason.NUL: 1}
    with tenant(shop):
        assert "\N{SYMBOL FOR NULL}" in ImportNote.objects.get(shop=shop).raw


def test_a_file_of_bad_rows_keeps_the_first_notes_and_counts_them_all(shop, take_in, monkeypatch):
    monkeypatch.setattr(staging, "MOST_NOTES", 3)

    counts = take_in(orders(*("1" for _ in range(10))))

    assert counts.left_out == {Reason.ROW_TOO_SHORT: 10}
    assert [line for line, *_ in notes(shop)] == [2, 3, 4]


def test_a_row_may_go_in_with_a_remark(shop, take_in):
    counts = take_in(orders("1,7,nobody,2026-05-10,1000,,,,"))

    assert (counts.created, counts.remarks) == (1, {Remark.ADDRESS_UNUSABLE: 1})
    assert [code for _, code, *_ in notes(shop)] == [Remark.ADDRESS_UNUSABLE]


def test_customers_made_though_several_had_their_address_are_listed(shop, take_in):
    take_in(orders("1,7,a@example.jp,2026-05-10,1,,,,", "2,8,a@example.jp,2026-05-10,1,,,,"))

    counts = take_in(orders("3,,a@example.jp,2026-05-10,1,,,,"))

    assert counts.to_merge == 1
    assert notes(shop) == [(2, Remark.SEVERAL_MATCH, "", "a@example.jp")]


def test_a_file_may_take_longer_to_read_than_a_statement_may_last(shop):
    class SlowFile(io.BytesIO):
        def read1(self, size: int = -1) -> bytes:
            time.sleep(1.5)
            return super().read1(size)

    run = begin(many(1), shop=shop)

    with tenant(shop), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1s'")
        done = services.advance(
            run.pk, shop=shop, open_file=lambda: nullcontext(SlowFile(many(1))), now=NOON
        )

    assert done.counts["created"] == 1


def test_a_file_without_rows_is_done_at_once(shop, take_in):
    counts = take_in(HEADER.encode())

    assert (counts.rows, counts.created) == (0, 0)


# -- again, later, and broken off ---------------------------------------------------------


def test_the_same_file_twice_changes_nothing_at_all(shop, take_in):
    content = eccube_orders(
        {},
        FEE,
        {"注文ID": "2", "会員ID": "", "メールアドレス": "guest@example.jp"},
        {"注文ID": "3", "会員ID": "", "メールアドレス": "x1@fw.rakuten.ne.jp"},
        {"注文ID": "4", "会員ID": "", "メールアドレス": ""},
    )
    take_in(content)
    before = everything_but_the_log(shop)

    counts = take_in(content)

    assert everything_but_the_log(shop) == before
    assert counts.has_changed_nothing
    assert (counts.unchanged, counts.unattached, counts.masked) == (4, 1, 1)


def test_a_later_file_changes_status_and_refund_and_marks_the_customer(shop, take_in):
    take_in(orders("1,7,,2026-05-10,1000,paid,,,", "2,8,,2026-05-10,1000,paid,,,"))
    with tenant(shop):
        Work.objects.filter(shop=shop).delete()

    counts = take_in(orders("1,7,,2026-05-10,1000,cancelled,,,", "2,8,,2026-05-10,1000,paid,,,"))

    assert stored(shop, "external_id", "status") == [("1", "cancelled"), ("2", "paid")]
    assert (counts.updated, counts.unchanged) == (1, 1)
    with tenant(shop):
        cancelled_by = CustomerIdentity.objects.get(shop=shop, external_id="7").customer_id
        assert list(Work.objects.filter(shop=shop).values_list("kind", "ref")) == [
            ("review", cancelled_by)
        ]


def test_a_file_goes_in_slice_by_slice_with_its_checkpoint(shop, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 4)
    content = many(10)

    run = go_on(begin(content, shop=shop), content)

    assert len(stored(shop, "pk")) == 4
    assert (run.cursor, run.state) == (5, RunState.UNDERWAY)


def test_a_file_broken_off_goes_on_where_it_stopped_on_a_connection_that_staged_nothing(
    shop, monkeypatch
):
    monkeypatch.setattr(services, "SLICE", 4)
    content = many(10) + b"a bad row\n"
    first = go_on(begin(content, shop=shop), content)
    staging.Staging(first).drop()  # as the end of the connection would

    again = begin(content, shop=shop)
    done = finish(again, content)

    assert again.pk == first.pk
    assert [total for _, total in stored(shop, "external_id", "total")] == [
        n * 100 for n in range(1, 11)
    ]
    assert (done.counts["created"], done.counts["unchanged"]) == (10, 0)
    assert notes(shop) == [(12, Reason.ROW_TOO_SHORT, "", "")]


def test_a_slice_that_fails_leaves_neither_orders_nor_checkpoint(shop, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 4)
    content = many(10)
    run = go_on(begin(content, shop=shop), content)
    monkeypatch.setattr(services, "_note_doubtful", broken)

    with pytest.raises(ConnectionError):
        go_on(run, content)

    assert len(stored(shop, "pk")) == 4
    with tenant(shop):
        assert ImportRun.objects.get(shop=shop).cursor == run.cursor


def broken(*args: object) -> None:
    raise ConnectionError


def test_a_file_that_is_in_is_a_new_run_the_next_time(shop, take_in):
    take_in(many(1))

    assert begin(many(1), shop=shop).cursor == 0
    with tenant(shop):
        assert ImportRun.objects.filter(shop=shop).count() == 2


def test_the_run_before_is_known_by_the_file_itself(shop):
    first, second = (finish(begin(many(1), shop=shop), many(1)) for _ in range(2))
    other = finish(begin(many(2), shop=shop), many(2))

    with tenant(shop):
        assert [same_file_before(run) for run in (first, second, other)] == [None, first, None]


def test_a_rehearsal_begins_at_the_first_line_whatever_is_underway(shop, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 4)
    content = many(10)
    go_on(begin(content, shop=shop), content)

    assert begin(content, shop=shop, is_rehearsal=True).cursor == 0


# -- what an import never does ------------------------------------------------------------


def test_an_import_mails_nobody_and_infers_no_consent(shop, take_in):
    take_in(eccube_customers({}), FileKind.CUSTOMERS)
    take_in(eccube_orders({}))

    with tenant(shop):
        assert not Mail.objects.filter(shop=shop).exists()
        assert not Consent.objects.filter(shop=shop).exists()
        assert set(Work.objects.filter(shop=shop).values_list("kind", flat=True)) == {"review"}


def test_a_shop_sees_nothing_of_another_shop_s_files(shop, other_shop, take_in):
    take_in(many(3))

    assert stored(other_shop, "pk") == []
    assert notes(other_shop) == []


# -- EC-CUBE ------------------------------------------------------------------------------


def test_an_order_of_ec_cube_with_its_fees_is_one_order(shop, take_in):
    content = eccube_orders(
        {},
        {"注文ID": "2", "対応状況(ID)": "3", "支払合計": "100.00"},
        FEE,
        {"注文ID": "3", "対応状況(ID)": "9", "支払合計": "200.00"},
        {"注文ID": "4", "対応状況(ID)": "7", "受注日": ""},
    )

    counts = take_in(content)

    assert stored(shop, "external_id", "status", "total", "source") == [
        ("1", "shipped", 5_400_00, "eccube"),
        ("2", "cancelled", 100_00, "eccube"),
        ("3", "returned", 200_00, "eccube"),
    ]
    assert counts.money == {"JPY": Money(3, 5_700_00, 2, 300_00)}
    assert counts.left_out == {Reason.NOT_AN_ORDER_YET: 1}
    with tenant(shop):
        lines = PurchaseLine.objects.filter(shop=shop, purchase__external_id="1")
        assert [line.product for line in lines] == ["深蒸し茶"]


def test_customers_of_ec_cube_meet_their_orders(shop, take_in):
    take_in(eccube_orders({}, {"注文ID": "2", "会員ID": ""}))

    counts = take_in(
        eccube_customers({"お名前(名)": "かよ"}, {"会員ID": "13", "会員ステータス(ID)": "1"}),
        FileKind.CUSTOMERS,
    )

    assert (counts.customers, counts.customers_updated) == (1, 1)
    assert counts.left_out == {Reason.NOT_A_MEMBER_YET: 1}
    with tenant(shop):
        (customer,) = Customer.objects.filter(shop=shop)
        assert customer.name == "山口 かよ"
        assert customer.purchases.count() == 2


def test_times_are_those_of_the_shop(shop, take_in):
    take_in(orders("1,7,,2026-05-10 12:00,1,,,,"))

    assert stored(shop, "ordered_at") == [(NOON,)]


def test_a_declared_date_format_is_kept_with_the_run(shop, take_in):
    take_in(orders("1,7,,10.05.2026 12:00,1,,,,"), date_format="%d.%m.%Y %H:%M")

    assert stored(shop, "ordered_at") == [(NOON,)]


def test_the_file_is_read_from_its_start_each_time(shop, monkeypatch):
    content = many(3)
    run = begin(content, shop=shop)
    file = io.BytesIO(content)
    file.seek(0, io.SEEK_END)

    with tenant(shop):
        done = services.advance(run.pk, shop=shop, open_file=lambda: nullcontext(file), now=NOON)

    assert (done.state, done.counts["created"]) == (RunState.DONE, 3)


# -- Shopify and BASE ---------------------------------------------------------------------


def test_the_rows_of_a_shopify_order_are_one_order_with_its_products(shop, take_in):
    content = shopify_orders(
        {},
        SHOPIFY_ITEM,
        {"Name": "#1002", "Cancelled at": "2026-05-11 09:00:00 +0900", "Total": "900"},
        {"Name": "#1003", "Financial Status": "partially_refunded", "Refunded Amount": "400"},
    )

    counts = take_in(content)

    assert stored(shop, "external_id", "status", "total", "refunded", "source") == [
        ("#1001", "shipped", 5_400_00, 0, "shopify"),
        ("#1002", "cancelled", 900_00, 0, "shopify"),
        ("#1003", "shipped", 5_400_00, 400_00, "shopify"),
    ]
    assert counts.money == {"JPY": Money(3, 11_700_00, 1, 900_00)}
    assert counts.customers_created == 1
    with tenant(shop):
        lines = PurchaseLine.objects.filter(shop=shop, purchase__external_id="#1001")
        assert list(lines.order_by("position").values_list("product", "code", "quantity")) == [
            ("深蒸し茶 - 100g", "TEA-01", 2),
            ("湯のみ", "CUP-03", 1),
        ]


def test_an_order_whose_first_row_is_not_in_the_file_is_left_out(shop, take_in):
    counts = take_in(shopify_orders({"Name": "#1000"}, SHOPIFY_ITEM))

    assert stored(shop, "external_id") == [("#1000",)]
    assert counts.left_out == {Reason.BEGINNING_MISSING: 1}
    assert notes(shop) == [(3, Reason.BEGINNING_MISSING, "Created at", "#1001")]


def test_customers_of_shopify_meet_the_orders_that_knew_their_address_alone(shop, take_in):
    take_in(shopify_orders({"Billing Name": "山口 様"}))

    counts = take_in(shopify_customers({}), FileKind.CUSTOMERS)

    assert (counts.customers_created, counts.customers_updated) == (0, 1)
    with tenant(shop):
        (customer,) = Customer.objects.filter(shop=shop)
        assert (customer.name, customer.purchases.count()) == ("山口 佳代", 1)
        assert customer.identities.get().external_id == "6123456789012"


def test_an_order_of_base_costs_its_rows_and_its_fees_once(shop, take_in):
    content = base_orders(
        {},
        BASE_OPTION,
        {"商品名": "湯のみ", "価格": "900", "数量": "1", "合計金額": "900"},
        {"注文ID": "FF00", "発送状況": "キャンセル"},
    )

    counts = take_in(content)

    assert stored(shop, "external_id", "status", "total") == [
        ("0A1B2C3D4E5F6789", "shipped", (4_800 + 200 + 900 + 600) * 100),
        ("FF00", "cancelled", 5_400_00),
    ]
    assert counts.money == {"JPY": Money(2, 11_900_00, 1, 5_400_00)}
    with tenant(shop):
        lines = PurchaseLine.objects.filter(shop=shop, purchase__external_id="0A1B2C3D4E5F6789")
        assert [line.product for line in lines.order_by("position")] == ["深蒸し茶", "湯のみ"]


def test_fees_that_differ_within_an_order_leave_it_out(shop, take_in):
    take_in(base_orders({}, {"送料": "800"}))

    assert stored(shop, "external_id") == []
    assert [code for _, code, *_ in notes(shop)] == [Reason.ROWS_DISAGREE]


def test_an_order_that_adds_up_to_less_than_nothing_is_left_out(shop, take_in):
    take_in(base_orders({"調整金額": "-9999"}, {"注文ID": "FF00"}))

    assert stored(shop, "external_id") == [("FF00",)]
    assert [code for _, code, *_ in notes(shop)] == [Reason.MONEY_NEGATIVE]
    assert notes(shop)[0][2] == "送料・代引き手数料・調整金額"


def test_an_order_that_adds_up_to_more_than_is_meant_is_left_out(shop, take_in):
    dear = {"価格": "9999999999999", "数量": "1"}

    take_in(base_orders(dear, dear, {"注文ID": "FF00"}))

    assert stored(shop, "external_id") == [("FF00",)]
    assert [code for _, code, *_ in notes(shop)] == [Reason.MONEY_TOO_LARGE]
