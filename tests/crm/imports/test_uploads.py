import io

import pytest

from crm.customers.models import Customer, Purchase
from crm.imports import services, uploads
from crm.imports.counts import Counts
from crm.imports.enums import FileKind, Format, Reason, Refusal, RunState
from crm.imports.errors import FileRefusedError
from crm.imports.forecast import Forecast
from crm.imports.models import ImportNote, ImportPiece, ImportRun
from crm.imports.uploads import AlreadyUnderwayError, begin, give_up, settle, upload
from crm.shops.enums import Act
from crm.shops.models import AuditEntry
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.services import claim
from crm.work.services import run as do
from crm.work.tasks import work_off
from tests.crm.imports.files import eccube_customers, eccube_orders, written
from tests.factories import NOON

pytestmark = pytest.mark.django_db

HEADER = ["番号", "メール", "日付", "金額"]
MAPPING = {"order_id": "番号", "email": "メール", "ordered_at": "日付", "total": "金額"}
UNKNOWN = written([HEADER, ["1", "a@example.jp", "2026-05-10", "1000"]])
ORDERS = eccube_orders({}, {"注文ID": "2", "受注日": "いつか"})


@pytest.fixture
def sent(shop, owner):
    """Uploads a file, and has the machine do its part."""

    def sent(content: bytes, **options) -> ImportRun:
        with tenant(shop):
            run = upload(
                shop=shop, by=owner, file=io.BytesIO(content), file_name="file.csv", **options
            )
        work_off("import")
        return again(run)

    return sent


def again(run: ImportRun) -> ImportRun:
    """The run as it is by now."""
    with tenant(run.shop):
        return ImportRun.objects.select_related("shop").get(shop=run.shop, pk=run.pk)


def say(what, run: ImportRun, **options) -> ImportRun:
    with tenant(run.shop):
        return what(run.pk, shop=run.shop, **options)


def orders_in(shop) -> int:
    with tenant(shop):
        return Purchase.objects.filter(shop=shop).count()


def pieces(shop) -> int:
    with tenant(shop):
        return ImportPiece.objects.filter(shop=shop).count()


def refused(sent, content: bytes, **options) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        sent(content, **options)
    return caught.value


# -- beforehand ---------------------------------------------------------------------------


def test_a_known_file_is_looked_through_and_nothing_of_it_is_in(shop, owner, sent):
    run = sent(ORDERS)

    assert (run.state, run.kind, run.format) == (RunState.READY, FileKind.ORDERS, Format.ECCUBE)
    assert (run.started_by, run.encoding) == (owner, "cp932")
    assert Forecast.from_json(run.forecast) == Forecast(1, 0, 0, 1)
    counts = Counts.from_json(run.counts)
    assert (counts.rows, counts.records) == (2, 1)
    assert counts.left_out == {Reason.DATE_UNREADABLE: 1}
    with tenant(shop):
        assert ImportNote.objects.get(shop=shop).line == 3
        assert not Customer.objects.filter(shop=shop).exists()
    assert orders_in(shop) == 0


def test_an_unknown_file_waits_for_a_person(shop, sent):
    run = sent(UNKNOWN)

    assert (run.state, run.header) == (RunState.UPLOADED, HEADER)
    assert not Work.objects.filter(shop=shop).exists()


def test_a_person_says_which_column_is_which(sent):
    run = sent(UNKNOWN)

    say(settle, run, kind=FileKind.ORDERS, format=Format.GENERIC, mapping=MAPPING)
    work_off("import")

    assert again(run).state == RunState.READY
    assert Forecast.from_json(again(run).forecast).created == 1


def test_columns_that_cannot_be_read_so_are_refused_and_nothing_changes(sent):
    run = sent(UNKNOWN)

    with pytest.raises(FileRefusedError) as caught:
        say(settle, run, kind=FileKind.ORDERS, format=Format.GENERIC, mapping={"total": "金額"})

    assert caught.value.refusal == Refusal.COLUMNS_MISSING
    assert again(run).state == RunState.UPLOADED


def test_columns_named_anew_are_looked_through_anew(shop, sent):
    run = sent(written([[*HEADER, "税込"], ["1", "a@example.jp", "2026-05-10", "x", "1100"]]))
    say(settle, run, kind=FileKind.ORDERS, format=Format.GENERIC, mapping=MAPPING)
    work_off("import")
    assert Counts.from_json(again(run).counts).left_out == {Reason.MONEY_UNREADABLE: 1}

    mended = {**MAPPING, "total": "税込"}
    say(settle, run, kind=FileKind.ORDERS, format=Format.GENERIC, mapping=mended)
    work_off("import")

    assert Counts.from_json(again(run).counts).left_out == {}
    with tenant(shop):
        assert not ImportNote.objects.filter(shop=shop).exists()


def test_columns_named_anew_while_the_file_is_looked_through_win(sent, monkeypatch):
    run = sent(UNKNOWN)
    say(settle, run, kind=FileKind.ORDERS, format=Format.GENERIC, mapping=MAPPING)
    real = uploads.reader_of

    def named_anew_meanwhile(run, shop):
        monkeypatch.setattr(uploads, "reader_of", real)
        settle(run.pk, shop=shop, kind=FileKind.CUSTOMERS, format=Format.GENERIC,
               mapping={"email": "メール"})  # fmt: skip
        return real(run, shop)

    monkeypatch.setattr(uploads, "reader_of", named_anew_meanwhile)
    work_off("import")

    assert (again(run).state, again(run).kind) == (RunState.READY, FileKind.CUSTOMERS)
    assert Counts.from_json(again(run).counts).records == 1


def test_the_next_file_with_these_columns_is_read_the_same(sent):
    run = sent(UNKNOWN)
    how = {"source": "store", "date_format": "%Y-%m-%d"}
    say(settle, run, kind=FileKind.ORDERS, format=Format.GENERIC, mapping=MAPPING, **how)
    work_off("import")
    say(begin, run)
    work_off("import")

    following = sent(written([HEADER, ["2", "b@example.jp", "2026-05-11", "500"]]))

    assert following.state == RunState.READY
    assert (following.mapping, following.source) == (MAPPING, "store")
    assert following.date_format == "%Y-%m-%d"


def test_a_file_of_the_other_kind_is_read_as_what_it_is(sent):
    run = sent(eccube_customers({}), kind=FileKind.ORDERS)

    assert (run.kind, run.state) == (FileKind.CUSTOMERS, RunState.READY)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"PK\x03\x04", Refusal.WORKBOOK),
        (b"%PDF-1.7", Refusal.PDF),
        (b"", Refusal.EMPTY),
        (b"<!doctype html><title>Sign in</title>", Refusal.WEB_PAGE),
    ],
)
def test_what_is_no_csv_is_refused_and_not_kept(shop, sent, content, refusal):
    assert refused(sent, content).refusal == refusal
    assert pieces(shop) == 0


def test_a_file_that_is_too_large_is_refused(shop, sent, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)

    assert refused(sent, ORDERS).refusal == Refusal.TOO_LARGE
    assert pieces(shop) == 0


def test_a_file_of_too_many_rows_fails_and_is_not_kept(shop, sent, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)

    run = sent(ORDERS)

    assert (run.state, run.refusal) == (RunState.FAILED, Refusal.TOO_MANY_ROWS)
    assert pieces(shop) == 0


def test_a_file_of_just_as_many_rows_as_may_be_is_read(sent, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 2)

    assert sent(ORDERS).state == RunState.READY


def test_a_shop_keeps_only_so_many_files(sent, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_WAITING", 1)
    sent(UNKNOWN)

    assert refused(sent, ORDERS).refusal == Refusal.TOO_MANY_WAITING


# -- go -----------------------------------------------------------------------------------


def test_after_go_the_file_is_taken_in_and_forgotten(shop, owner, sent):
    run = sent(ORDERS)

    assert say(begin, run).state == RunState.QUEUED
    work_off("import")

    assert again(run).state == RunState.DONE
    assert (orders_in(shop), pieces(shop)) == (1, 0)
    with tenant(shop):
        entry = AuditEntry.objects.get(shop=shop, act=Act.FILE_IMPORTED)
        assert (entry.actor_id, entry.about) == (owner.pk, f"import:{run.pk}")
        assert entry.details == {"kind": "orders", "created": 1, "updated": 0}


def test_going_twice_is_going_once(shop, sent):
    run = sent(ORDERS)
    say(begin, run)
    say(begin, run)
    work_off("import")

    assert say(begin, run).state == RunState.DONE
    assert Counts.from_json(again(run).counts).created == 1
    assert not Work.objects.filter(shop=shop, kind="import").exists()


def test_a_file_that_waits_for_its_columns_cannot_go(shop, sent):
    run = sent(UNKNOWN)

    assert say(begin, run).state == RunState.UPLOADED
    assert not Work.objects.filter(shop=shop).exists()


def test_of_two_who_take_in_the_same_file_one_is_told(sent):
    first, second = sent(ORDERS), sent(ORDERS)
    say(begin, first)

    with pytest.raises(AlreadyUnderwayError) as caught:
        say(begin, second)

    assert caught.value.run == first
    assert again(second).state == RunState.READY


def test_what_is_parked_is_taken_up_again(shop, sent):
    run = sent(ORDERS)
    say(begin, run)
    Work.objects.filter(shop=shop, kind="import").update(parked_at=NOON)

    say(begin, run)
    work_off("import")

    assert again(run).state == RunState.DONE


# -- giving up ----------------------------------------------------------------------------


def test_a_file_given_up_beforehand_leaves_nothing(shop, sent):
    run = sent(ORDERS)

    assert say(give_up, run, now=NOON).state == RunState.CANCELLED
    with tenant(shop):
        assert not ImportNote.objects.filter(shop=shop).exists()
    assert pieces(shop) == 0


def test_a_file_given_up_half_way_leaves_what_is_in(shop, sent, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 1)
    run = sent(eccube_orders({}, {"注文ID": "2"}, {"注文ID": "3"}))
    say(begin, run)
    (row,) = claim("import")
    do(row)

    say(give_up, run, now=NOON)
    work_off("import")

    assert (again(run).state, orders_in(shop), pieces(shop)) == (RunState.CANCELLED, 1, 0)
    assert Counts.from_json(again(run).counts).created == 1
    with tenant(shop):
        assert AuditEntry.objects.get(shop=shop).details["created"] == 1


def test_a_file_given_up_while_it_is_staged_is_not_taken_in(shop, sent, monkeypatch):
    run = sent(ORDERS)
    say(begin, run)
    real = services.reader_of

    def given_up_meanwhile(run, shop):
        give_up(run.pk, shop=shop, now=NOON)
        return real(run, shop)

    monkeypatch.setattr(services, "reader_of", given_up_meanwhile)
    work_off("import")

    assert (again(run).state, orders_in(shop)) == (RunState.CANCELLED, 0)


def test_what_is_in_cannot_be_given_up(sent):
    run = sent(ORDERS)
    say(begin, run)
    work_off("import")

    assert say(give_up, run, now=NOON).state == RunState.DONE


def test_what_is_on_its_way_in_stays_as_it_was_settled(sent):
    run = sent(ORDERS)
    say(begin, run)

    say(settle, run, kind=FileKind.CUSTOMERS, format=Format.GENERIC, mapping={"email": "TEL"})

    assert (again(run).state, again(run).kind) == (RunState.QUEUED, FileKind.ORDERS)
