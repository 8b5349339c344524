"""Writing down by hand: a choice and a form, once however often it is sent, and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.complaints.models import Complaint
from crm.customers.models import Note
from crm.ledger.entries import ENTRIES
from crm.ledger.enums import Kind, Medium, Standing
from crm.ledger.models import Touchpoint
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_member, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef" * 2
LETTER = "毎朝いただいています。香りがとてもよくて、家族みんなで楽しみにしています。"


@pytest.fixture(autouse=True)
def staff(client, shop):
    user = make_member(shop, Role.STAFF)
    client.force_login(user)
    return user


@pytest.fixture
def kayo(shop):
    with tenant(shop):
        return make_customer(shop, name="山口 佳代")


def page_of(customer):
    return f"/shops/otonari/customers/{customer.pk}/"


def write_down(client, customer, entry, **typed):
    address = f"{page_of(customer)}write-down/{entry}/"
    return client.post(address, {"key": KEY, **typed}, headers={"Accept-Language": "ja"})


def facts(shop):
    with tenant(shop):
        return list(Touchpoint.objects.order_by("pk"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_every_entry_is_kept_with_nothing_but_what_it_cannot_do_without(
    client, shop, kayo, staff, entry
):
    needed = {"stars": "5"} if "stars" in entry.asks else {}

    response = write_down(client, kayo, entry.key, **needed)

    (fact,) = facts(shop)
    assert response.status_code == 302
    assert (fact.kind, fact.customer_id) == (entry.kind, kayo.pk)
    assert fact.source == f"hand:{staff.pk}:{KEY}"
    assert timezone.now() - fact.at < timedelta(minutes=5)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_every_entry_is_one_tap_away_from_the_customers_page(client, kayo, entry):
    html = client.get(page_of(kayo), headers={"Accept-Language": "ja"}).content.decode()
    form = client.get(f"{page_of(kayo)}write-down/{entry.key}/")

    assert f'href="{page_of(kayo)}write-down/{entry.key}/">{entry.title}</a>' in html
    assert form.status_code == 200


def test_a_form_sent_twice_is_told_once(client, shop, kayo):
    for _ in range(2):
        write_down(client, kayo, "letter", text=LETTER)

    assert len(facts(shop)) == 1


def test_what_was_typed_is_kept_as_it_was(client, shop, kayo):
    write_down(
        client, kayo, "review", stars="4", text=LETTER, is_public="on", is_rewarded="on",
        medium="marketplace", at="2026-05-10T09:30",
    )  # fmt: skip

    (fact,) = facts(shop)
    assert (fact.stars, fact.is_public, fact.is_rewarded) == (4, True, True)
    assert fact.medium == Medium.MARKETPLACE
    assert fact.at.astimezone(shop.zone).strftime("%Y-%m-%d %H:%M") == "2026-05-10 09:30"
    with tenant(shop):
        assert fact.text_row.text == LETTER


def test_what_was_told_others_in_public_was_public(client, shop, kayo):
    write_down(client, kayo, "share", text=LETTER)

    assert facts(shop)[0].is_public


@pytest.mark.parametrize(
    ("entry", "typed", "words"),
    [
        ("letter", {"key": "x"}, "もう一度このページを開いて"),
        ("letter", {"at": "2999-01-01T00:00"}, "これまでの日時"),
        ("letter", {"at": "0001-01-01T00:00"}, "これまでの日時"),
        ("review", {"stars": "6"}, "stars"),
        ("review", {}, "stars"),
    ],
)
def test_what_cannot_be_is_refused_with_words_and_what_was_typed_comes_back(
    client, shop, kayo, entry, typed, words
):
    response = write_down(client, kayo, entry, text="残るはずのことば", **typed)

    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "残るはずのことば" in html
    assert facts(shop) == []


@pytest.mark.parametrize(
    ("entry", "is_personal", "standing"),
    [
        ("inquiry", "", Standing.SHOWN),
        ("inquiry", "on", Standing.COUNTS),
        ("call", "on", Standing.COUNTS),
        ("reply", "", Standing.SHOWN),
    ],
)
def test_a_reply_or_inquiry_counts_only_when_it_is_personal(
    client, shop, kayo, entry, is_personal, standing
):
    write_down(client, kayo, entry, text=LETTER, is_personal=is_personal)

    assert facts(shop)[0].standing == standing


def test_one_tap_counts_a_reply_as_a_personal_letter_and_another_takes_that_back(
    client, shop, kayo
):
    with tenant(shop):
        reply = make_touchpoint(kayo, Kind.REPLY, text=LETTER, source="mail:7")
    html = client.get(page_of(kayo), headers={"Accept-Language": "ja"}).content.decode()

    client.post(f"{page_of(kayo)}facts/{reply.pk}/personal/")
    counted = facts(shop)[0].standing
    client.post(f"{page_of(kayo)}facts/{reply.pk}/ordinary/")

    assert f"facts/{reply.pk}/personal/" in html
    assert (counted, facts(shop)[0].standing) == (Standing.COUNTS, Standing.SHOWN)


def test_a_slip_is_taken_back_at_once_and_can_be_there_again(client, shop, kayo):
    write_down(client, kayo, "letter", text=LETTER)
    (fact,) = facts(shop)
    html = client.get(page_of(kayo)).content.decode()
    undo = f"{page_of(kayo)}facts/{fact.pk}/withdraw/"

    client.post(undo)
    without = client.get(page_of(kayo)).content.decode()
    client.post(f"{page_of(kayo)}facts/{fact.pk}/restore/")

    assert html.count(f'action="{undo}"') == 2  # with what was just said, and on the line of time
    assert LETTER not in without
    assert LETTER in client.get(page_of(kayo)).content.decode()


def test_a_form_sent_again_after_taking_it_back_is_not_lost(client, shop, kayo):
    write_down(client, kayo, "letter", text=LETTER)
    client.post(f"{page_of(kayo)}facts/{facts(shop)[0].pk}/withdraw/")

    write_down(client, kayo, "letter", text=LETTER)

    assert [fact.standing for fact in facts(shop)] == [Standing.COUNTS]


def test_what_another_system_told_cannot_be_taken_back_here(client, shop, kayo):
    with tenant(shop):
        told = make_touchpoint(kayo, Kind.LETTER, source="import:7")

    response = client.post(f"{page_of(kayo)}facts/{told.pk}/withdraw/")

    assert response.status_code == 404
    assert facts(shop)[0].standing == Standing.COUNTS


@pytest.mark.parametrize(
    ("entry", "typed", "cases"),
    [("complaint", {}, 1), ("review", {"stars": "2"}, 1), ("review", {"stars": "3"}, 0)],
)
def test_a_complaint_leads_to_its_case_and_a_review_of_two_stars_as_well(
    client, shop, kayo, entry, typed, cases
):
    response = write_down(client, kayo, entry, text="箱がつぶれていました。", **typed)

    with tenant(shop):
        found = list(Complaint.objects.all())
    assert len(found) == cases
    expected = f"/shops/otonari/complaints/{found[0].pk}/" if cases else page_of(kayo)
    assert response.headers["Location"] == expected


def test_whom_somebody_introduced_is_found_by_a_search(client, shop, kayo):
    with tenant(shop):
        friend = make_customer(shop, name="小林 直人")
        make_purchase(friend)
    address = f"{page_of(kayo)}write-down/referral/"

    html = client.get(address, {"q": "小林"}).content.decode()
    write_down(client, kayo, "referral", other=str(friend.pk))

    assert "小林 直人" in html
    assert facts(shop)[0].other_customer_id == friend.pk
    assert "小林 直人" in client.get(page_of(kayo)).content.decode()


def test_nobody_introduces_themselves_or_somebody_of_another_shop(client, shop, other_shop, kayo):
    with tenant(other_shop):
        stranger = make_customer(other_shop)

    for other in (kayo, stranger):
        response = write_down(client, kayo, "referral", other=str(other.pk))
        assert response.status_code == 422

    assert facts(shop) == []


def test_a_note_is_kept_for_colleagues_and_taken_away_for_good(client, shop, kayo, staff):
    for _ in range(2):
        client.post(f"{page_of(kayo)}write-down/note/", {"key": KEY, "text": "朝のお電話がよい"})
    html = client.get(page_of(kayo)).content.decode()
    with tenant(shop):
        note = Note.objects.get()

    client.post(f"{page_of(kayo)}notes/{note.pk}/remove/")

    assert "朝のお電話がよい" in html
    assert note.author == staff
    with tenant(shop):
        assert not Note.objects.exists()


def test_a_viewer_is_offered_nothing_to_write(client, shop, kayo):
    client.force_login(make_member(shop, Role.VIEWER))

    html = client.get(page_of(kayo)).content.decode()

    assert "write-down" not in html
    assert "withdraw" not in html


def test_nothing_is_written_about_who_is_gone(client, shop):
    with tenant(shop):
        gone = make_customer(shop, name="", email="", erased_at=timezone.now())

    assert client.get(f"{page_of(gone)}write-down/letter/").status_code == 404
    assert write_down(client, gone, "letter").status_code == 404
