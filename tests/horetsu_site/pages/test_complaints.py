"""The list of cases and the page on which one is seen through."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.complaints import selectors
from crm.complaints.enums import ComplaintState, Theme
from crm.complaints.models import Complaint
from crm.complaints.services import assign, close, rebuild, respond
from crm.ledger.enums import Kind
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from tests.crm.followups.conftest import suggest
from tests.factories import make_customer, make_member, make_touchpoint

pytestmark = pytest.mark.django_db

LIST = "/shops/otonari/complaints/"
KEY = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def staff(client, shop):
    user = make_member(shop, Role.STAFF)
    client.force_login(user)
    return user


def make_case(shop, *, name="山口 佳代", days_ago=0.0, text="箱がつぶれていました。", **told):
    now = timezone.now()
    with tenant(shop):
        customer = make_customer(shop, name=name)
        at = now - timedelta(days=days_ago, minutes=1)
        make_touchpoint(customer, Kind.COMPLAINT, text=text, at=at, **told)
        (case,) = rebuild(customer=customer, now=now)
        return case


def read(client, address):
    response = client.get(address, headers={"Accept-Language": "ja"})
    assert response.status_code == 200
    return response.content.decode()


def again(shop, case):
    with tenant(shop):
        return Complaint.objects.get(pk=case.pk)


def test_what_is_due_first_stands_first_and_what_is_settled_behind_its_tab(client, shop, staff):
    make_case(shop, name="のちの方", days_ago=0.1)
    make_case(shop, name="さきの方", days_ago=3)
    settled = make_case(shop, name="済んだ方", days_ago=9)
    with tenant(shop):
        close(complaint=settled, source="hand:1", at=timezone.now())

    html, behind = read(client, LIST), read(client, f"{LIST}?state=closed")

    assert html.index("さきの方") < html.index("のちの方")
    assert "期限を過ぎています" in html
    assert "済んだ方" not in html
    assert "済んだ方" in behind
    assert "さきの方" not in behind


def test_nothing_open_is_said_with_what_would_stand_here(client):
    assert "解決前のお申し出はありません" in read(client, LIST)


def test_the_list_is_narrowed_by_what_it_is_about_and_by_who_looks_after_it(client, shop, staff):
    box = make_case(shop, name="箱の方")
    make_case(shop, name="味の方")
    with tenant(shop):
        assign(complaint=box, theme=Theme.DELIVERY, owner=staff, due_at=timezone.now())

    for query in ("theme=delivery", f"owner={staff.pk}", f"theme=delivery&owner={staff.pk}"):
        html = read(client, f"{LIST}?{query}")
        assert "箱の方" in html
        assert "味の方" not in html
    assert "味の方" in read(client, f"{LIST}?theme=nonsense&owner=x")


@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_pages_together_hold_every_case_once(client, shop, monkeypatch, state):
    monkeypatch.setattr(selectors, "PAGE", 2)
    with tenant(shop):
        customer = make_customer(shop)
        now = timezone.now()
        for number in range(5):  # all at one moment
            make_touchpoint(
                customer, Kind.COMPLAINT, at=now - timedelta(hours=1), thread=f"{number}"
            )
        for case in rebuild(customer=customer, now=now):
            if state == "closed":
                close(complaint=case, source=f"hand:{case.pk}", at=now)
        page_of = selectors.closed_page if state == "closed" else selectors.open_page

        seen, after = [], None
        for _ in range(4):
            page = page_of(shop.pk, theme=None, owner=None, after=after)
            seen += [case.thread for case in page.rows]
            after = page.next_after
            if after is None:
                break

    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    assert after is None


def test_the_list_asks_the_same_few_questions_however_long(client, shop):
    def grown(number):
        for _ in range(number):
            make_case(shop)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    assert grown(1) == grown(2) <= 12


def test_a_case_shows_their_words_as_a_letter_and_asks_for_our_answer_first(client, shop):
    case = make_case(shop, medium="phone")

    html = read(client, f"{LIST}{case.pk}/")

    assert '<blockquote class="letter"><p>箱がつぶれていました。</p>' in html
    assert "まずは解決を" in html
    assert "お電話" in html
    assert html.count("button-main") == 1
    assert html.index("button-main") > html.index("respond/")


def test_a_case_is_seen_through_from_the_first_answer_to_how_it_was_felt(client, shop):
    case = make_case(shop)
    page = f"{LIST}{case.pk}/"

    steps = [
        (
            "respond",
            {"key": "a" * 32, "text": "お詫びのお電話をしました。"},
            ComplaintState.ANSWERED,
        ),
        ("close", {"key": "b" * 32, "text": "ご納得いただけました。"}, ComplaintState.CLOSED),
        ("recovery", {"key": "c" * 32, "felt": "1", "text": "驚きました"}, ComplaintState.CLOSED),
        ("reopen", {"key": "d" * 32}, ComplaintState.WAITING),
    ]
    for step, typed, state in steps:
        response = client.post(f"{page}{step}/", typed)
        assert response.headers["Location"] == page
        assert again(shop, case).state == state
        assert read(client, page).count("button-main") <= 1

    html = read(client, page)
    words = ["お詫びのお電話をしました。", "ご納得いただけました。", "驚きました"]
    assert sorted(words, key=html.index) == words
    assert "期待を超えた" in html


def test_a_form_sent_twice_is_told_once(client, shop):
    case = make_case(shop)
    for _ in range(2):
        client.post(f"{LIST}{case.pk}/respond/", {"key": KEY, "text": "お電話しました。"})

    assert read(client, f"{LIST}{case.pk}/").count("お電話しました。") == 1


def test_who_what_about_and_until_when_are_said_on_the_page(client, shop, staff):
    case = make_case(shop)

    client.post(
        f"{LIST}{case.pk}/assign/",
        {"theme": "quality", "owner": str(staff.pk), "due_at": "2026-05-12T12:00"},
    )

    kept = again(shop, case)
    assert (kept.theme, kept.owner) == (Theme.QUALITY, staff)
    assert kept.due_at.astimezone(shop.zone).isoformat() == "2026-05-12T12:00:00+09:00"
    assert "品質" in read(client, f"{LIST}{case.pk}/")


def test_nobody_of_another_shop_looks_after_a_case(client, shop, other_shop):
    stranger = make_member(other_shop, Role.STAFF)
    case = make_case(shop)

    response = client.post(
        f"{LIST}{case.pk}/assign/", {"owner": str(stranger.pk), "due_at": "2026-05-12T12:00"}
    )

    assert response.status_code == 422
    assert again(shop, case).owner is None


def test_what_needs_mending_opens_its_form_and_keeps_the_words(client, shop):
    case = make_case(shop)

    response = client.post(f"{LIST}{case.pk}/recovery/", {"key": KEY, "text": "残ることば"})

    assert response.status_code == 422
    assert again(shop, case).state == ComplaintState.WAITING


def test_a_response_taken_back_leaves_the_case_waiting_for_us(client, shop, staff):
    case = make_case(shop)
    with tenant(shop):
        note = respond(
            complaint=case, source="hand:1:a", at=timezone.now(), by=staff, text="違う方でした"
        )

    client.post(f"/shops/otonari/customers/{case.customer_id}/notes/{note.pk}/remove/")

    assert again(shop, case).state == ComplaintState.WAITING


def test_the_page_of_the_customer_leads_to_the_case_while_it_is_open(client, shop):
    case = make_case(shop)
    customer_page = f"/shops/otonari/customers/{case.customer_id}/"

    while_open = read(client, customer_page)
    with tenant(shop):
        close(complaint=case, source="hand:1", at=timezone.now())
    settled = read(client, customer_page)

    assert while_open.count(f"{LIST}{case.pk}/") == 2  # at the top, and on the line of time
    assert "まずは解決を" in while_open
    assert f'id="case-{case.pk}"' not in settled
    assert f"{LIST}{case.pk}/" in settled


def test_a_viewer_reads_a_case_and_is_offered_nothing_to_do(client, shop):
    case = make_case(shop)
    client.force_login(make_member(shop, Role.VIEWER))

    html = read(client, f"{LIST}{case.pk}/")

    assert "箱がつぶれていました。" in html
    assert f"{LIST}{case.pk}/respond/" not in html


def test_an_open_case_leads_to_the_letter_that_answers_it_and_a_settled_one_does_not(client, shop):
    case = make_case(shop)
    with tenant(shop):
        letter = suggest(case.customer, "recovery.listen")
    desk = f"/shops/otonari/suggestions/{letter.pk}/?next={LIST}{case.pk}/"

    open_page = read(client, f"{LIST}{case.pk}/")
    with tenant(shop):
        close(complaint=case, source="hand:1", at=timezone.now())
    settled_page = read(client, f"{LIST}{case.pk}/")

    assert desk in open_page
    assert desk not in settled_page
