"""The desk at which a letter is finished, and the list of what was suggested."""

import re
from dataclasses import asdict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.followups.answering import acknowledge
from crm.followups.enums import SuggestionState
from crm.followups.models import Acknowledgement, Suggestion
from crm.guard.models import GuardDecision
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.mail.models import Mail
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from tests.crm.followups.conftest import LETTER, WORDS, person_at, suggest, write_letter
from tests.factories import make_member

pytestmark = pytest.mark.django_db

LIST = "/shops/otonari/suggestions/"
TODAY = "/shops/otonari/today/"
JAPANESE = {"Accept-Language": "ja"}


@pytest.fixture(autouse=True)
def staff_is_here(client, staff):
    client.force_login(staff)


@pytest.fixture
def suggestion(shop):
    with tenant(shop):
        return suggest(person_at(2, shop, name="山口 佳代"))


def desk(suggestion: Suggestion) -> str:
    return f"{LIST}{suggestion.pk}/"


def post(client: Any, suggestion: Suggestion, verb: str, **typed: Any) -> Any:
    letter = {**asdict(LETTER), "revision": 0, "next": TODAY}
    return client.post(f"{desk(suggestion)}{verb}/", letter | typed, headers=JAPANESE)


def one(shop: Any, model: Any, **kwargs: Any) -> Any:
    with tenant(shop):
        return model.objects.get(**kwargs)


def test_the_desk_shows_the_customers_words_beside_the_draft_and_what_the_guard_says(
    client, suggestion
):
    html = client.get(desk(suggestion), headers=JAPANESE).content.decode()

    assert WORDS in html
    assert "山口 佳代さま" in html
    assert "お便りを、ゆっくり拝読しました。" in html
    assert "送れます" in html
    assert "人にしか書けません" in html


def test_words_that_were_answered_say_by_whom(client, suggestion, shop, staff):
    with tenant(shop):
        answered = write_letter(suggestion.customer)
        acknowledge(touchpoint=answered, by=staff, channel=None, now=timezone.now())

    html = client.get(desk(suggestion), headers=JAPANESE).content.decode()

    assert html.count("井上さんがお返事しました") == 1


def test_looking_at_the_desk_asks_nobody_and_writes_nothing(client, suggestion, shop):
    client.get(desk(suggestion))

    with tenant(shop):
        assert not GuardDecision.objects.exists()


def test_who_may_only_look_finds_no_form(client, suggestion, shop):
    client.force_login(make_member(shop, Role.VIEWER))

    html = client.get(desk(suggestion)).content.decode()

    assert "letter-form" not in html
    assert WORDS in html


def test_a_letter_is_sent_and_can_be_undone_from_the_page_one_came_from(client, suggestion, shop):
    response = post(client, suggestion, "approve")
    html = client.get(response.headers["Location"], headers=JAPANESE).content.decode()

    assert response.headers["Location"] == TODAY
    assert "山口 佳代さまへ" in html
    undo = re.search(r'action="([^"]+undo/[^"]*)"', html)[1].replace("&amp;", "&")
    assert client.post(undo).headers["Location"] == TODAY
    assert one(shop, Suggestion).state == SuggestionState.PROPOSED


def test_without_words_of_ones_own_all_that_was_typed_comes_back_with_the_reason(
    client, suggestion, shop
):
    response = post(client, suggestion, "approve", personal="", closing="わたしの結び")
    html = response.content.decode()

    assert response.status_code == 422
    assert "ここは人にしか書けません" in html
    assert "わたしの結び" in html
    with tenant(shop):
        assert not Mail.objects.exists()


def test_words_the_guard_refuses_are_shown_beside_the_letter_that_was_kept(client, suggestion):
    response = post(client, suggestion, "approve", closing="会員の皆さまへ一斉にお送りします。")
    html = client.get(response.headers["Location"], headers=JAPANESE).content.decode()

    assert response.headers["Location"].startswith(desk(suggestion))
    assert "見合わせ" in html
    assert "「一斉に」" in html
    assert "みなさまへのことばは、どなたにも届きません。" in html
    assert "会員の皆さまへ一斉にお送りします。" in html


def test_a_draft_is_kept_and_the_guard_asked_about_it(client, suggestion, shop):
    response = post(client, suggestion, "save", personal="まだ途中です。自動送信。")
    html = client.get(response.headers["Location"], headers=JAPANESE).content.decode()

    assert one(shop, Suggestion).personal == "まだ途中です。自動送信。"
    assert "「自動送信」" in html


def test_whoever_is_second_to_save_sees_their_own_words_and_may_send_them(client, suggestion, shop):
    post(client, suggestion, "save", closing="ほかの人の結び")

    refused = post(client, suggestion, "save", closing="わたしの結び")
    html = refused.content.decode()
    again = post(client, suggestion, "save", closing="わたしの結び", revision=1)

    assert refused.status_code == 422
    assert "ほかの方がこの手紙を書き換えました" in html
    assert "わたしの結び" in html
    assert 'name="revision" value="1"' in html
    assert again.status_code == 302
    assert one(shop, Suggestion).closing == "わたしの結び"


def test_a_double_click_sends_one_letter_and_says_so(client, suggestion, shop):
    post(client, suggestion, "approve")
    second = post(client, suggestion, "approve", closing="わたしの結び").content.decode()

    assert "井上さんがすでに承認し" in second
    assert "わたしの結び" in second
    assert one(shop, Mail)


def test_it_is_set_aside_with_a_reason(client, suggestion, shop):
    page = client.get(f"{desk(suggestion)}dismiss/?next={TODAY}", headers=JAPANESE)
    response = post(client, suggestion, "dismiss", reason="leave", note="静かにされたい方")

    assert "そっとしておきたい" in page.content.decode()
    assert response.headers["Location"] == TODAY
    kept = one(shop, Suggestion)
    assert (kept.state, kept.reason, kept.note) == ("dismissed", "leave", "静かにされたい方")


def test_what_was_noted_about_it_stands_in_the_list(client, suggestion, shop):
    post(client, suggestion, "dismiss", reason="otherwise", note="店先でお礼をお伝えした。")

    html = client.get(f"/shops/{shop.slug}/suggestions/?state=dismissed").content.decode()

    assert "店先でお礼をお伝えした。" in html


def test_an_unknown_reason_is_refused_with_words(client, suggestion):
    assert post(client, suggestion, "dismiss", reason="nonsense").status_code == 422


def test_what_was_done_by_hand_is_noted(client, suggestion, shop):
    post(client, suggestion, "done", channel="letter", note="葉書でお返事した")

    fact = one(shop, Touchpoint, kind=Kind.OUR_LETTER)
    with tenant(shop):
        assert fact.text_row.text == "葉書でお返事した"
        assert Acknowledgement.objects.count() == 1


def test_later_takes_it_off_the_list_and_undo_brings_it_back(client, suggestion):
    post(client, suggestion, "later")
    gone = client.get(TODAY, headers=JAPANESE).content.decode()
    post(client, suggestion, "undo")
    back = client.get(TODAY, headers=JAPANESE).content.decode()

    assert "お返事を待っていることば" not in gone
    assert "お返事を待っていることば" in back


def test_a_fact_can_be_noted_as_answered(client, shop):
    with tenant(shop):
        letter = write_letter(person_at(2, shop))

    client.post(f"{LIST}answered/{letter.pk}/", {"channel": "phone"})

    assert one(shop, Acknowledgement).touchpoint_id == letter.pk


def test_an_answer_noted_by_mistake_is_undone_from_the_page_one_came_from(client, shop):
    with tenant(shop):
        letter = write_letter(person_at(2, shop))
    noted = client.post(
        f"{LIST}answered/{letter.pk}/", {"channel": "phone", "next": TODAY}, headers=JAPANESE
    )
    html = client.get(noted.headers["Location"], headers=JAPANESE).content.decode()
    undo = re.search(r'action="([^"]+undo/[^"]*)"', html)[1].replace("&amp;", "&")

    response = client.post(undo)

    assert response.headers["Location"] == TODAY
    with tenant(shop):
        assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/shops/yosono/today/", "\\evil"]
)
def test_nobody_is_led_out_of_the_shop(client, suggestion, elsewhere):
    response = post(client, suggestion, "later", next=elsewhere)

    assert response.headers["Location"] == LIST


def test_a_settled_suggestion_is_shown_with_who_did_it(client, suggestion):
    post(client, suggestion, "done", channel="")

    html = client.get(desk(suggestion), headers=JAPANESE).content.decode()

    assert "井上" in html
    assert "letter-form" not in html


def test_one_who_rests_is_left_in_peace_from_their_page(client, shop):
    with tenant(shop):
        resting = suggest(person_at(2, shop), "empathy.rest")
    html = client.get(desk(resting), headers=JAPANESE).content.decode()

    client.post(f"{LIST}quiet/", {"id": resting.pk})

    assert "何も送らないことが" in html
    assert one(shop, Suggestion).state == SuggestionState.DONE


@pytest.mark.parametrize("state", ["", "rest", "approved", "done", "dismissed", "expired", "%00"])
def test_the_list_shows_each_state(client, suggestion, state):
    response = client.get(f"{LIST}?state={state}", headers=JAPANESE)

    assert response.status_code == 200
    assert ("山口 佳代さま" in response.content.decode()) == (state in {"", "%00"})


def queries_of(client: Any, address: str) -> int:
    client.get(address)  # the first page of a session asks more

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("state", ["", "rest", "done"])
def test_the_list_asks_the_same_few_questions_however_long(client, shop, state, staff):
    plays = {"rest": "empathy.rest"}
    kwargs = {"state": "done", "settled_by": staff} if state == "done" else {}
    counts = []
    for number in (1, 2):
        with tenant(shop):
            for _ in range(number):
                suggest(person_at(2, shop), plays.get(state, "empathy.answer"), **kwargs)
        counts.append(queries_of(client, f"{LIST}?state={state}"))

    assert counts[0] == counts[1]


def test_the_desk_asks_the_same_few_questions_however_much_was_said(client, suggestion, shop):
    first = queries_of(client, desk(suggestion))
    with tenant(shop):
        for _ in range(3):
            write_letter(suggestion.customer)

    assert queries_of(client, desk(suggestion)) == first
