"""The list of people: found, narrowed, sorted, and taken along as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.customers.models import CustomerIdentity
from crm.ledger.enums import Kind
from crm.shops.enums import Act, Role
from crm.shops.models import AuditEntry
from crm.stages import listing
from crm.stages.enums import Direction, Mark, Stage
from crm.stages.listing import Narrowing, Sort, page_of_people
from crm.stages.models import Relationship
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from horetsu_site.pages import people
from tests.factories import make_customer, make_member, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

LIST = "/shops/otonari/customers/"
LETTER = "毎朝いただいています。香りがとてもよくて、家族みんなで楽しみにしています。"


@pytest.fixture(autouse=True)
def owner_is_here(client, shop, owner):
    client.force_login(owner)


def make_person(shop, name, *, bought=None, wrote=None, perceived=None):
    """Somebody who bought, wrote and felt so many days ago; inside the shop's door."""
    now = timezone.now()
    person = make_customer(shop, name=name)
    if bought is not None:
        make_purchase(person, ordered_at=now - timedelta(days=bought))
    if wrote is not None:
        make_touchpoint(person, Kind.LETTER, text=LETTER, at=now - timedelta(days=wrote))
    if perceived is not None:
        make_touchpoint(person, Kind.PERCEIVED, value=perceived, at=now - timedelta(hours=1))
    reassess(customer=person, now=now)
    return person


@pytest.fixture
def three(shop):
    with tenant(shop):
        make_person(shop, "買った方", bought=5)
        make_person(shop, "書いた方", bought=100, wrote=2)
        make_person(shop, "困った方", perceived=-1)
        make_customer(shop, name="知るだけの方")


def names_on(client, query=""):
    response = client.get(f"{LIST}?{query}", headers={"Accept-Language": "ja"})
    assert response.status_code == 200
    return [person.name for person, _numbers in response.context["people"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["知るだけの方", "困った方", "書いた方", "買った方"]),
        ("stage=2", ["書いた方"]),
        ("stage=0", ["困った方", "買った方"]),
        ("balance=dissatisfied", ["困った方"]),
        ("mark=recovery_first", ["困った方"]),
        ("direction=warming&stage=2", ["書いた方"]),
        ("stage=4", []),
        ("stage=2&balance=dissatisfied", []),
        ("q=書い&stage=2", ["書いた方"]),
        ("q=書い&stage=0", []),
        ("sort=bought", ["買った方", "書いた方", "困った方"]),
        ("sort=since", ["困った方", "書いた方", "買った方"]),
        ("stage=9&direction=x&mark=z&sort=w", ["知るだけの方", "困った方", "書いた方", "買った方"]),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_and_sorted(client, three, query, names):
    assert names_on(client, query) == names


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("narrowing", [Narrowing(), Narrowing(stage=Stage.OBSERVER)])
def test_the_pages_together_hold_everybody_once_and_in_one_order(shop, sort, narrowing):
    with tenant(shop):
        for number in range(3):
            make_person(shop, f"{number}", bought=5)  # all on one day
        for number in range(3):
            make_person(shop, f"n{number}", perceived=-1)
        whole = page_of_people(shop.pk, narrowing=narrowing, sort=sort, size=50)

        seen, after = [], None
        for _ in range(4):
            page = page_of_people(shop.pk, narrowing=narrowing, sort=sort, after=after, size=2)
            seen += page.rows
            after = page.next_after
            if after is None:
                break

    assert len(seen) == 6
    assert seen == whole.rows


@pytest.mark.parametrize("after", ["x", "1.2.3", "2026-13-01.4", ".", "2026-01-01.", "9" * 40])
def test_an_address_without_a_key_of_ours_begins_at_the_start(client, three, after):
    assert len(names_on(client, f"sort=bought&after={after}")) == 3


def test_how_many_there_are_is_said_without_counting(client, shop, monkeypatch):
    with tenant(shop):
        for _ in range(51):
            make_customer(shop)

    html = client.get(LIST, headers={"Accept-Language": "ja"}).content.decode()

    assert "50人以上" in html


def test_a_search_that_finds_more_than_anybody_looks_through_says_so(client, shop, monkeypatch):
    monkeypatch.setattr(people, "MOST", 2)
    with tenant(shop):
        for number in range(3):
            make_customer(shop, name=f"鈴木 {number}")

    html = client.get(f"{LIST}?q=鈴木", headers={"Accept-Language": "ja"}).content.decode()

    assert "一部だけを表示しています" in html


def test_a_filter_that_leaves_nobody_says_so_kindly(client, three):
    html = client.get(f"{LIST}?stage=4", headers={"Accept-Language": "ja"}).content.decode()

    assert "あてはまる方はいません" in html


# -- the file -------------------------------------------------------------------------------


def lines_of(client, language="ja", **asked):
    response = client.post(f"{LIST}file/", asked, headers={"Accept-Language": language})
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    return response, text, list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_list_is_taken_along_as_a_file_that_excel_reads(client, shop, monkeypatch):
    monkeypatch.setattr(people, "EXPORTED_AT_ONCE", 2)  # several batches
    with tenant(shop):
        for number in range(5):
            person = make_person(shop, f"山口 {number}", bought=5)
            CustomerIdentity.objects.create(
                shop=shop, customer=person, source="eccube", external_id=f"000{number}"
            )

    response, text, (head, *rows) = lines_of(client)

    assert text.startswith("\ufeff")
    assert head[:5] == ["お客さま番号", "お名前", "よみ", "メールアドレス", "段階"]
    assert [row[1] for row in rows] == [f"山口 {number}" for number in (4, 3, 2, 1, 0)]
    assert rows[0][0] == "0004"
    assert rows[0][4] == "観測"
    assert rows[0][9:11] == ["1", "5000"]
    assert 'attachment; filename="customers-' in response.headers["Content-Disposition"]


def test_the_file_holds_whom_the_list_shows_in_the_readers_language(client, three):
    _response, _text, (head, *rows) = lines_of(client, language="en", stage="2")

    assert head[1] == "Name"
    assert [(row[1], row[4]) for row in rows] == [("書いた方", "Empathy")]


def test_nothing_in_the_file_is_run_by_a_spreadsheet(client, shop):
    with tenant(shop):
        make_customer(shop, name="=HYPERLINK(1)", kana="＝1+1", email="@SUM(A1)")

    _response, _text, (_head, row) = lines_of(client)

    assert row[1:4] == ["'=HYPERLINK(1)", "'＝1+1", "'@SUM(A1)"]


def test_who_took_the_list_is_written_down_without_whom_they_searched_for(client, shop, three):
    lines_of(client, q="書いた", stage="2")

    with tenant(shop):
        entry = AuditEntry.objects.get(act=Act.LIST_EXPORTED)
    assert entry.details == {"stage": "2"}
    assert "書いた" not in str(vars(entry))


def test_staff_are_not_offered_the_file(client, shop, three):
    client.force_login(make_member(shop, Role.STAFF))

    assert "/customers/file/" not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}file/").status_code == 403


def test_direction_and_marks_of_a_filter_are_those_that_are_stored(shop):
    with tenant(shop):
        person = make_person(shop, "佐藤", bought=1)
        Relationship.objects.filter(customer=person).update(
            direction=Direction.COOLING, marks=[Mark.STALLED, Mark.DORMANT]
        )

        found = [
            [each.name for each in page_of_people(shop.pk, narrowing=narrowing).rows]
            for narrowing in (
                listing.Narrowing(direction=Direction.COOLING),
                listing.Narrowing(mark=Mark.DORMANT),
                listing.Narrowing(mark=Mark.QUIET_REGULAR),
            )
        ]

    assert found == [["佐藤"], ["佐藤"], []]
