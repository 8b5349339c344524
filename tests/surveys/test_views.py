"""Behind an answer link: what a customer sees, and what is stored of what they send."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.ledger.enums import Standing
from crm.tenancy.door import tenant
from surveys.enums import Occasion
from surveys.models import Response
from tests.factories import make_customer
from tests.surveys.visits import WORDS, form, hidden, invite, stored

pytestmark = pytest.mark.django_db

STATIC = settings.BASE_DIR / "horetsu_site" / "static"


# -- the page ----------------------------------------------------------------------------------


def test_the_page_asks_and_says_who_reads_it_what_for_and_how_to_stop(client, shop):
    shop.keeper_title, shop.keeper_name = "店主", "三浦 紗季"
    shop.save()
    _invitation, path = invite(shop)

    response = client.get(path)

    for said in (
        "おとなり茶舗",
        "実際は、どのくらい良かったですか",
        "良くなかった",
        "とても良かった",
        "店主の三浦 紗季が読みます。",
        "いただいた内容は、お店の改善とご返信、これからのご連絡の仕方を考えるために使い、",
        "個人情報の取り扱い",
        "このようなお願いを止める",
        "/u/",
    ):
        assert said in response.text


def test_the_page_sets_no_cookie_is_not_kept_and_not_indexed(client, shop):
    _invitation, path = invite(shop)

    response = client.get(path)

    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in response.text
    assert "<script" not in response.text


def test_the_page_with_its_styles_weighs_less_than_50_kb(client, shop):
    _invitation, path = invite(shop)

    response = client.get(f"{path}?score=9")

    styles = re.findall(r'href="/static/([^"]+\.css)"', response.text)
    weights = [(STATIC / re.sub(r"\.[0-9a-f]{12}\.", ".", name)).stat().st_size for name in styles]
    assert len(styles) >= 5
    assert len(response.content) + sum(weights) < 50_000


def test_nothing_on_any_page_tells_who_was_asked_or_about_what(client, shop):
    invitation, path = invite(shop)
    client.post(path, form(invitation, words=WORDS))

    for page in ("", "?lang=en", "thanks/", "privacy/"):
        text = client.get(path + page).text
        for secret in ("山口", invitation.customer.email, invitation.purchase.external_id, WORDS):
            assert secret not in text
        assert "お送りいただいた点数" not in text


@pytest.mark.parametrize(("score", "chosen"), [("0", 0), ("10", 10), ("11", None), ("x", None)])
def test_a_link_of_the_mail_only_preselects(client, shop, score, chosen):
    _invitation, path = invite(shop)

    text = client.get(f"{path}?score={score}").text

    checked = [int(n) for n in re.findall(r'value="(\d+)" required checked', text)]
    assert checked == [chosen] * (chosen is not None)
    assert ("まだ変えられます" in text) is (chosen is not None)
    assert stored(shop) == ([], [])


@pytest.mark.parametrize(
    ("locale", "query", "browser", "said"),
    [
        ("", "", "en", "実際は、どのくらい良かったですか"),
        ("en", "", "ja", "How good was it, now that you have it?"),
        ("en", "?lang=ja", "en", "実際は、どのくらい良かったですか"),
        ("", "?lang=en", "ja", "How good was it, now that you have it?"),
        ("", "?lang=xx", "en", "実際は、どのくらい良かったですか"),
    ],
)
def test_the_page_speaks_the_recipients_language_or_the_one_chosen(
    client, shop, locale, query, browser, said
):
    with tenant(shop):
        customer = make_customer(shop, locale=locale)
    _invitation, path = invite(shop, customer=customer)

    response = client.get(path + query, headers={"Accept-Language": browser})

    assert said in response.text
    assert f'<html lang="{response["Content-Language"]}">' in response.text


def test_the_other_language_keeps_the_choice(client, shop):
    _invitation, path = invite(shop)

    assert 'href="?lang=en&amp;score=9"' in client.get(f"{path}?score=9").text
    assert 'href="?lang=ja&amp;score=9"' in client.get(f"{path}?score=9&lang=en").text


@pytest.mark.parametrize("occasion", list(Occasion))
def test_every_occasion_has_its_page(client, shop, occasion):
    _invitation, path = invite(shop, occasion=occasion)

    assert client.get(path).status_code == 200


# -- opening changes nothing -------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    "page", ["", "?score=0", "?score=10&lang=en", "thanks/", "privacy/", "thanks/?receipt=x"]
)
def test_opening_any_page_behind_the_link_writes_nothing(client, shop, method, page):
    _invitation, path = invite(shop)

    with CaptureQueriesContext(connection) as queries:
        getattr(client, method)(path + page)

    writes = [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    assert len(queries) > 0
    assert writes == []


@pytest.mark.parametrize("page", ["renew/"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_a_button_answers_only_a_press(client, shop, method, page):
    _invitation, path = invite(shop)

    assert getattr(client, method)(path + page).status_code == 405


# -- answering ---------------------------------------------------------------------------------


def test_an_answer_is_stored_and_thanked_for_with_what_was_sent(client, shop):
    shop.keeper_name = "三浦 紗季"
    shop.save()
    invitation, path = invite(shop)

    posted = client.post(path, form(invitation, "9", WORDS))
    thanks = client.get(posted["Location"])

    assert posted.status_code == 303
    assert stored(shop) == ([(9, WORDS)], [Standing.COUNTS])
    assert "お送りいただいた点数は「9」です。" in thanks.text
    assert "いただいたことばは、わたしが読みます。" in thanks.text
    assert "三浦 紗季" in thanks.text
    assert WORDS not in thanks.text


def test_the_answer_needs_no_cookie_but_the_token(shop):
    strict = Client(enforce_csrf_checks=True)
    invitation, path = invite(shop)

    assert strict.post(path, form(invitation)).status_code == 303
    assert strict.post("/a/nothing/", form(invitation)).status_code == 404


def test_the_chosen_language_goes_along_to_the_thanks(client, shop):
    invitation, path = invite(shop)

    posted = client.post(f"{path}?lang=en", form(invitation))

    assert "Thank you very much" in client.get(posted["Location"]).text


def test_thanks_for_an_answer_that_was_not_given_lead_back_to_the_question(client, shop):
    _invitation, path = invite(shop)

    assert client.get(f"{path}thanks/")["Location"] == path


def test_a_receipt_of_another_invitation_tells_nothing(client, shop):
    invitation, path = invite(shop)
    other, other_path = invite(shop)
    receipt = client.post(other_path, form(other, "3"))["Location"].partition("?")[2]
    client.post(path, form(invitation, "9"))

    assert "点数は" not in client.get(f"{path}thanks/?{receipt}").text


def test_the_same_answer_twice_gets_the_same_thanks(client, shop):
    invitation, path = invite(shop)

    first, second = (client.post(path, form(invitation, "9", WORDS)) for _ in range(2))

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert stored(shop) == ([(9, WORDS)], [Standing.COUNTS])


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_answers_at_once_are_one_response_one_fact_and_twenty_thanks(shop):
    invitation, path = invite(shop)
    data = form(invitation, "9", WORDS)
    start = Barrier(20)

    def send(_n):
        start.wait()
        try:
            return Client().post(path, data)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1
    assert stored(shop) == ([(9, WORDS)], [Standing.COUNTS])


@pytest.mark.django_db(transaction=True)
def test_of_different_answers_at_once_one_stands_whole(shop):
    invitation, path = invite(shop)
    pairs = [(n % 11, f"{n}つめのことばです。") for n in range(12)]
    start = Barrier(len(pairs))

    def send(pair):
        start.wait()
        try:
            return Client().post(path, form(invitation, str(pair[0]), pair[1])).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(pairs)) as pool:
        statuses = list(pool.map(send, pairs))

    responses, standings = stored(shop)
    assert sorted(statuses) == [200] * 11 + [303]
    assert len(responses) == len(standings) == 1
    assert responses[0] in pairs


# -- correcting --------------------------------------------------------------------------------


def test_another_answer_is_not_taken_unasked_and_what_was_typed_stays(client, shop):
    invitation, path = invite(shop)
    client.post(path, form(invitation, "9", WORDS))

    response = client.post(path, form(invitation, "4", "やはり少し薄く感じました。"))

    assert response.status_code == 200
    assert "お答えはすでにいただいています。" in response.text
    assert "やはり少し薄く感じました。</textarea>" in response.text
    assert 'value="4" required checked' in response.text
    assert WORDS not in response.text
    assert stored(shop)[0] == [(9, WORDS)]


def test_pressing_replace_on_that_page_replaces_the_answer(client, shop):
    invitation, path = invite(shop)
    client.post(path, form(invitation, "9", WORDS))
    page = client.post(path, form(invitation, "4"))

    posted = client.post(path, form(invitation, "4", revises=hidden(page, "revises")))

    assert posted.status_code == 303
    assert stored(shop)[0] == [(4, "")]


def test_after_a_week_the_answer_stands_and_new_words_are_given_back(client, shop):
    invitation, path = invite(shop)
    client.post(path, form(invitation, "9"))
    with tenant(shop):
        Response.objects.update(answered_at=timezone.now() - timedelta(days=9))

    opened = client.get(path)
    sent = client.post(path, form(invitation, "4", WORDS, revises="1"))

    assert "この画面で直せる期間は過ぎました。" in opened.text
    assert "<form" not in opened.text
    assert f"{WORDS}</textarea>" in sent.text
    assert stored(shop)[0] == [(9, "")]
