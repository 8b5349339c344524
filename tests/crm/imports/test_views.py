import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.customers.models import Purchase
from crm.imports import uploads
from crm.imports.enums import FileKind, RunState
from crm.imports.guessing import propose
from crm.imports.models import ImportNote, ImportPiece, ImportRun
from crm.imports.tables import Header
from crm.imports.views import LONGEST_BODY
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.tasks import work_off
from tests.crm.imports.files import eccube_customers, eccube_orders, read, written
from tests.factories import NOON, make_member

pytestmark = pytest.mark.django_db

HEADER = ["番号", "メール", "日付", "金額"]
UNKNOWN = written([HEADER, ["1", "a@example.jp", "2026-05-10", "1000"]])
CHOSEN = {"kind": "orders", "order_id": "番号", "email": "メール"}
CHOSEN |= {"ordered_at": "日付", "total": "金額"}
ORDERS = eccube_orders({}, {"注文ID": "2", "受注日": "01/02/2026", "お名前(姓)": "=cmd()"})


@pytest.fixture
def visitor(owner) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(owner)
    return client


def address(name: str, run: ImportRun | None = None) -> str:
    return reverse(name, args=["otonari", *([run.pk] if run else [])])


def send(client: Client, content: bytes, name: str = "file.csv", **also: str):
    file = SimpleUploadedFile(name, content)
    return client.post(address("import_new"), {"file": file, **also}, follow=True)


def sent(client: Client, shop, content: bytes = ORDERS) -> ImportRun:
    """A file that was sent, and with which the machine has done its part."""
    send(client, content)
    work_off("import")
    return latest(shop)


def latest(shop) -> ImportRun:
    with tenant(shop):
        return ImportRun.objects.filter(shop=shop).latest("pk")


def page(client: Client, run: ImportRun) -> str:
    return client.get(address("import", run)).content.decode()


# -- sending ------------------------------------------------------------------------------


def test_a_file_is_sent_looked_at_and_taken_in(shop, visitor):
    run = sent(visitor, shop)
    beforehand = page(visitor, run)
    visitor.post(address("import_begin", run))
    underway = page(visitor, run)
    work_off("import")
    done = page(visitor, run)

    assert "If you take it in" in beforehand
    assert "from 1 person nobody knew" in beforehand
    assert '<live-region id="run" busy>' in underway
    assert "It is in" in done
    assert "Horetsu looks anew at 1 person" in done
    assert "Look at the customers" in done
    with tenant(shop):
        assert Purchase.objects.filter(shop=shop).count() == 1


def test_the_list_promises_nothing_of_a_file_without_rows(shop, visitor):
    sent(visitor, shop, eccube_orders())

    html = visitor.get(address("imports")).content.decode()

    assert "Nothing to take in" in html
    assert "Ready to be taken in" not in html


def test_while_it_is_looked_through_the_page_renews_itself(shop, visitor):
    send(visitor, ORDERS)

    assert '<live-region id="run" busy>' in page(visitor, latest(shop))


def test_the_first_rows_are_shown_as_they_are_read(shop, visitor):
    run = sent(visitor, shop, eccube_orders({"お名前(姓)": "髙﨑"}))

    shown = page(visitor, run)

    assert "CP932 (Shift_JIS)" in shown
    assert "髙﨑 佳代" in shown


def test_why_rows_are_left_out_is_shown_with_examples(shop, visitor):
    shown = page(visitor, sent(visitor, shop))

    assert "This date can be read in more than one way." in shown
    assert "01/02/2026" in shown
    assert "Line 3" in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "Excel workbook"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"<html>", "This is a web page"),
        (b"", "The file is empty."),
        (b"\0" * 5000, "does not seem to be a CSV file"),
    ],
)
def test_what_is_no_csv_is_refused_in_words(shop, visitor, content, words):
    response = send(visitor, content)

    assert response.status_code == 422
    assert words in response.content.decode()
    with tenant(shop):
        assert not ImportRun.objects.filter(shop=shop).exists()


def test_a_form_without_a_file_asks_for_one(shop, visitor):
    response = visitor.post(address("import_new"), {"kind": ""})

    assert response.status_code == 422
    assert "Please choose a file." in response.content.decode()


def test_a_file_of_the_other_kind_is_read_as_what_it_is_and_said_so(shop, visitor):
    response = send(visitor, eccube_customers({}), kind="orders")

    assert "this is a file of another kind" in response.content.decode()
    assert latest(shop).kind == FileKind.CUSTOMERS


def test_a_file_name_that_is_long_or_odd_does_no_harm(shop, visitor):
    send(visitor, ORDERS, name=f"<b>{'名' * 150}.csv")

    shown = visitor.get(address("imports")).content.decode()

    assert "<b>名" not in shown
    assert "&lt;b&gt;名" in shown


def test_the_very_same_file_is_said_to_be_in_already(shop, visitor):
    run = sent(visitor, shop)
    visitor.post(address("import_begin", run))
    work_off("import")

    shown = page(visitor, sent(visitor, shop))

    assert "This very file was taken in on" in shown
    assert "All of this is here already" in shown


def test_of_two_with_the_same_file_the_second_is_led_to_the_first(shop, visitor):
    first, second = sent(visitor, shop), sent(visitor, shop)
    visitor.post(address("import_begin", first))

    assert "is being taken in at this moment, by" in page(visitor, second)
    assert visitor.post(address("import_begin", second)).url == address("import", first)


# -- what is refused before it is read --------------------------------------------------------


def test_a_body_longer_than_a_file_may_be_is_refused_with_words(shop, visitor):
    response = visitor.post(address("import_new"), {}, CONTENT_LENGTH=str(LONGEST_BODY + 1))

    assert response.status_code == 413
    assert "20 MB" in response.content.decode()


def test_only_the_page_that_takes_files_takes_long_bodies(shop, visitor):
    run = sent(visitor, shop)

    for name in ("import_begin", "import_columns"):
        response = visitor.post(address(name, run), {}, CONTENT_LENGTH=str(300 * 1024))
        assert response.status_code == 413


class Unread:
    """A body that nobody may read."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("The body was read")

    readline = read


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
def test_the_file_of_somebody_unknown_is_not_even_read(shop, other_shop, who):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    if who == "a stranger":
        client.force_login(other_shop.memberships.get().user)

    response = client.generic(
        "POST",
        address("import_new"),
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH="5000000",
        **{"wsgi.input": Unread()},
    )

    assert response.status_code == (302 if who == "nobody" else 404)


def test_a_forged_form_is_refused(shop, owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    assert send(client, ORDERS).status_code == 403
    with tenant(shop):
        assert not ImportRun.objects.filter(shop=shop).exists()


# -- columns --------------------------------------------------------------------------------


def test_an_unknown_file_asks_which_column_is_which(shop, visitor):
    run = sent(visitor, shop, UNKNOWN)

    shown = page(visitor, run)

    assert "We do not know this file yet" in shown
    assert 'name="order_id"' in shown


def test_the_columns_are_said_once_and_then_known(shop, visitor):
    run = sent(visitor, shop, UNKNOWN)
    visitor.post(address("import_columns", run), CHOSEN)
    work_off("import")
    visitor.post(address("import_begin", run))
    work_off("import")

    following = sent(visitor, shop, written([HEADER, ["2", "b@x.jp", "2026-05-11", "5"]]))

    assert (latest(shop).state, following.state) == (RunState.READY, RunState.READY)
    assert following.mapping["total"] == "金額"


def test_columns_that_are_needed_are_asked_for_by_name(shop, visitor):
    run = sent(visitor, shop, UNKNOWN)

    response = visitor.post(
        address("import_columns", run), {"kind": "orders", "order_id": "番号", "total": "番号"}
    )

    shown = response.content.decode()
    assert response.status_code == 422
    assert "This column is needed." in shown
    assert "One of these is needed: Customer number / E-mail address" in shown
    assert "This column is chosen more than once." in shown


def test_the_columns_of_the_other_kind_can_be_asked_for(shop, visitor):
    run = sent(visitor, shop, UNKNOWN)

    shown = visitor.get(address("import_columns", run) + "?kind=customers").content.decode()

    assert 'name="locale"' in shown
    assert 'name="total"' not in shown


def test_a_file_of_a_known_format_can_be_read_by_hand_and_back_again(shop, visitor):
    run = sent(visitor, shop, eccube_orders({}))
    chosen = {"kind": "orders", "order_id": "注文ID", "email": "メールアドレス"}
    visitor.post(address("import_columns", run), chosen | {"ordered_at": "受注日", "total": "小計"})
    by_hand = latest(shop).format
    visitor.post(address("import_columns", run), {"format": "eccube"})

    assert (by_hand, latest(shop).format) == ("generic", "eccube")


def test_columns_of_what_is_over_are_not_asked_about(shop, visitor):
    run = sent(visitor, shop)
    visitor.post(address("import_give_up", run))

    assert visitor.get(address("import_columns", run)).url == address("import", run)


# -- the end, and other ends ------------------------------------------------------------------


def test_a_file_can_be_given_up(shop, visitor):
    run = sent(visitor, shop)

    visitor.post(address("import_give_up", run))

    assert "Not taken in" in page(visitor, run)
    with tenant(shop):
        assert not ImportPiece.objects.filter(shop=shop).exists()


def test_a_file_that_failed_says_why(shop, visitor, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)

    assert "more than 100,000 rows" in page(visitor, sent(visitor, shop))


def test_a_file_that_is_stuck_can_be_tried_again(shop, visitor):
    run = sent(visitor, shop)
    visitor.post(address("import_begin", run))
    Work.objects.filter(shop=shop, kind="import").update(parked_at=NOON)

    assert "come to a halt" in page(visitor, run)
    visitor.post(address("import_begin", run))
    work_off("import")
    assert "It is in" in page(visitor, run)


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "reason"), ("ja", "理由")], ids=["en", "ja"]
)
def test_the_error_file_is_in_the_reader_s_language_and_harmless(
    shop, owner, visitor, language, heading
):
    run = sent(visitor, shop)
    visitor.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    content = visitor.get(address("import_errors", run)).content

    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert heading in rows[0]
    assert (rows[1][0], rows[1][3:5]) == ("3", ["受注日", "01/02/2026"])
    assert not any(cell.startswith(tuple("=+-@")) for row in rows for cell in row)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", FileKind)
def test_a_sample_can_be_filled_in_and_sent_back(shop, visitor, language, kind):
    visitor.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    sample = visitor.get(address("import_sample") + f"?kind={kind}").content
    run = sent(visitor, shop, sample)

    with translation.override("en"):  # whoever reads it, it is understood
        mapping = propose(Header(read(sample).header.cells), kind)
    visitor.post(address("import_columns", run), {"kind": kind, **mapping})
    work_off("import")

    assert len(mapping) == len(read(sample).header)
    run = latest(shop)
    assert (run.kind, run.state) == (kind, RunState.READY)
    assert (run.counts["records"], run.counts["left_out"]) == (2, {})


# -- who may, and what it costs ---------------------------------------------------------------


def test_who_may_only_look_is_offered_nothing_to_press(shop, visitor):
    run = sent(visitor, shop)
    viewer = Client()
    viewer.force_login(make_member(shop, Role.VIEWER))

    shown = page(viewer, run) + viewer.get(address("imports")).content.decode()

    assert "/begin/" not in shown
    assert "/imports/new/" not in shown


@pytest.mark.parametrize("name", ["imports", "import"])
def test_a_page_asks_as_often_for_three_as_for_one(
    shop, visitor, name, django_assert_max_num_queries
):
    run = sent(visitor, shop)
    where = address(name, run if name == "import" else None)
    with django_assert_max_num_queries(100) as once:
        visitor.get(where)
    for number in (3, 4):
        sent(visitor, shop, eccube_orders({}, {"注文ID": str(number), "受注日": "?"}))
    with tenant(shop):
        note = ImportNote.objects.filter(shop=shop, run=run).get()
        for line in (7, 8):
            note.pk, note.line = None, line
            note.save()

    with django_assert_max_num_queries(100) as thrice:
        visitor.get(where)

    assert len(thrice) == len(once)
