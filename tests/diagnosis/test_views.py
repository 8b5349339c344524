"""The quiz as anybody meets it: by its addresses, without a cookie."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.customers.erasing import erase
from crm.customers.models import Consent, Customer
from crm.ledger.models import Touchpoint
from crm.mail.models import Mail, MailContent
from crm.tenancy.door import tenant
from diagnosis import views
from diagnosis.content import read_quiz, shipped
from diagnosis.models import Attempt, Lead
from diagnosis.services import SlugTaken, close_quiz, open_quiz
from tests.diagnosis.test_rules import best_of
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

QUIZ = read_quiz(shipped())


@pytest.fixture(autouse=True)
def _no_rates_of_before():
    cache.clear()


@pytest.fixture
def quiz(shop):
    with tenant(shop):
        return open_quiz(shop=shop, slug="stage")


@pytest.fixture
def guest():
    return Client(headers={"Accept-Language": "ja"})


def begin(guest):
    return guest.post("/d/stage/").headers["Location"]


def answer(guest, address, *options):
    return guest.post(address, {"option": options})


def take_whole(guest, choose=lambda question: [question.options[0].id]):
    """The address of the result of a sheet filled in whole."""
    address = begin(guest)
    for question in QUIZ.questions:
        address = answer(guest, address, *choose(question)).headers["Location"]
    return address


def rows_of(shop):
    with tenant(shop):
        return [list(model.objects.filter(shop=shop).values()) for model in (Attempt, Lead, Mail)]


def test_opening_pages_changes_nothing(quiz, guest, shop):
    address = begin(guest)
    result = take_whole(guest)
    before = rows_of(shop)

    for page in ("/d/stage/", address, address.rsplit("/", 2)[0] + "/", result):
        guest.get(page)
        guest.head(page)

    assert rows_of(shop) == before


def test_no_page_sets_a_cookie(quiz, guest):
    result = take_whole(guest)
    guest.get(result)

    assert not guest.cookies


def test_each_press_leads_to_the_next_question_and_the_last_to_the_result(quiz, guest):
    result = take_whole(guest)

    assert re.fullmatch(r"/d/stage/result/[0-9a-f-]{36}/", result)
    assert guest.get(result).status_code == 200


def test_a_question_left_out_is_asked_before_the_result(quiz, guest):
    first = begin(guest)
    base = first.removesuffix("1/")
    for n in range(2, 25):
        last = answer(guest, f"{base}{n}/", QUIZ.questions[n - 1].options[0].id)

    assert last.headers["Location"] == first


def test_it_goes_on_where_somebody_stopped(quiz, guest):
    first = begin(guest)
    answer(guest, first, "welcome")

    again = Client().get(first.removesuffix("1/"))

    assert again.headers["Location"] == first.removesuffix("1/") + "2/"


def test_what_was_answered_stands_when_going_back(quiz, guest):
    first = begin(guest)
    answer(guest, first, "welcome", "how_to_stop")

    page = guest.get(first).content.decode()

    assert page.count(" checked") == 2


@pytest.mark.parametrize("options", [[], ["made up"], ["welcome", "nothing"], ["\x00"]])
def test_an_answer_that_cannot_be_is_asked_for_again_in_words(quiz, guest, options):
    first = begin(guest)

    page = answer(guest, first, *options)

    assert page.status_code == 422
    assert 'class="error"' in page.content.decode()


def test_one_choice_takes_one(quiz, guest):
    second = answer(guest, begin(guest), "welcome").headers["Location"]

    page = answer(guest, second, "product_page", "partly")

    assert page.status_code == 422


def test_the_last_press_twice_gives_one_result(quiz, guest, shop):
    address = begin(guest)
    for question in QUIZ.questions:
        last, address = address, answer(guest, address, question.options[0].id).headers["Location"]

    assert answer(guest, last, QUIZ.questions[-1].options[1].id).headers["Location"] == address
    with tenant(shop):
        attempt = Attempt.objects.get(shop=shop)
        assert attempt.answers[QUIZ.questions[-1].id] == [QUIZ.questions[-1].options[0].id]


@pytest.mark.parametrize(
    "path",
    [
        "/d/nowhere/",
        "/d/stage/xxxxxxxxxxxxxxxxxxxxxx/",
        "/d/stage/xxxxxxxxxxxxxxxxxxxxxx/1/",
        "/d/stage/%00/1/",
        "/d/stage/result/00000000-0000-4000-8000-000000000000/",
        "/d/stage/confirm/1.forged/",
        "/d/stage/confirm/%F0%9F%8D%B5/",
    ],
)
def test_what_is_not_there_is_not_found(quiz, guest, path):
    assert guest.get(path).status_code == 404


@pytest.mark.parametrize("n", [0, 25, 10**30])
def test_there_is_no_question_beyond_the_last(quiz, guest, n):
    address = begin(guest).removesuffix("1/")

    assert guest.get(f"{address}{n}/").status_code == 404


def test_another_shops_quiz_does_not_know_our_token(quiz, guest, other_shop):
    with tenant(other_shop):
        open_quiz(shop=other_shop, slug="other")
    address = begin(guest)

    assert guest.get(address.replace("/d/stage/", "/d/other/")).status_code == 404


def test_two_shops_cannot_have_one_address(quiz, other_shop):
    with tenant(other_shop), pytest.raises(SlugTaken):
        open_quiz(shop=other_shop, slug="stage")


def test_a_closed_quiz_lets_nobody_begin_and_keeps_its_results(quiz, guest, shop):
    result = take_whole(guest)
    with tenant(shop):
        close_quiz(quiz)

    assert guest.post("/d/stage/").status_code == 200
    assert guest.get(result).status_code == 200
    with tenant(shop):
        assert Attempt.objects.filter(shop=shop).count() == 1


def test_opening_again_with_other_questions_leaves_those_who_began_theirs(
    quiz, guest, shop, monkeypatch
):
    address = begin(guest)
    other = shipped()
    other["question"][0]["text"]["ja"] = "ほかのことをうかがいます。"
    monkeypatch.setattr("diagnosis.services.shipped", lambda: other)
    with tenant(shop):
        open_quiz(shop=shop, slug="stage")

    assert "ほかのことを" not in guest.get(address).content.decode()
    assert "ほかのことを" in guest.get(begin(guest)).content.decode()


def test_it_speaks_the_language_it_was_begun_in(quiz):
    english = Client(headers={"Accept-Language": "en"})
    address = english.post("/d/stage/").headers["Location"]

    japanese = Client(headers={"Accept-Language": "ja"})

    assert "in the first week" in japanese.get(address).content.decode()
    assert "最初の1週間" in japanese.get(f"{address}?lang=ja").content.decode()


def test_the_chosen_language_goes_along(quiz, guest):
    address = guest.post("/d/stage/?lang=en").headers["Location"]

    assert address.endswith("?lang=en")
    assert answer(guest, address, "welcome").headers["Location"].endswith("?lang=en")


def test_the_result_says_nothing_of_the_taker(quiz, guest, shop):
    result = take_whole(guest)
    guest.post(f"{result}mail/", {"email": "taker@example.com", "may_contact": "on"})

    page = Client().get(result).content.decode()

    assert "taker" not in page


def test_a_first_step_is_spoken_of_only_where_there_is_one(quiz, guest):
    some = guest.get(take_whole(guest, lambda question: [question.options[-1].id]))
    none = guest.get(take_whole(guest, best_of))

    assert "まず一つめから" in some.content.decode()
    assert "まず一つめから" not in none.content.decode()
    assert "3か月後にもう一度お答えください" in none.content.decode()


def test_taking_it_again_shows_the_change(quiz, guest):
    before = take_whole(guest)
    address = guest.post(f"{before}again/").headers["Location"]
    for question in QUIZ.questions:
        best = max(question.options, key=lambda o: o.points)
        address = answer(guest, address, best.id).headers["Location"]

    page = guest.get(address).content.decode()

    assert 'class="before"' in page


def test_others_are_shown_from_thirty_on(quiz, guest, shop):
    result = take_whole(guest)
    with tenant(shop):
        sample = Attempt.objects.get(shop=shop)
        for n in range(28):
            sample.pk, sample.token_sha256, sample.result = None, f"{n}", None
            sample.result = f"00000000-0000-4000-8000-{n:012}"
            sample._state.adding = True
            sample.save()
    assert 'id="others"' not in guest.get(result).content.decode()

    take_whole(guest)

    assert 'id="others"' in guest.get(result).content.decode()


def test_a_lead_is_one_person_one_mail_and_no_consent_yet(quiz, guest, shop):
    result = take_whole(guest)

    for _ in range(2):
        sent = guest.post(f"{result}mail/", {"email": "a@example.com", "may_contact": "on"})

    assert sent.status_code == 303
    with tenant(shop):
        lead = Lead.objects.select_related("customer").get(shop=shop)
        assert lead.customer.email == "a@example.com"
        assert Mail.objects.filter(shop=shop).count() == 1
        assert Touchpoint.objects.filter(shop=shop).count() == 1
        assert not Consent.objects.filter(shop=shop).exists()
        assert "/confirm/" in MailContent.objects.get(shop=shop).text


def test_only_a_press_behind_the_mailed_link_gives_consent(quiz, guest, shop):
    result = take_whole(guest)
    guest.post(f"{result}mail/", {"email": "a@example.com", "may_contact": "on"})
    with tenant(shop):
        text = MailContent.objects.get(shop=shop).text
    path = re.search(r"/d/stage/confirm/\S+", text)[0]

    guest.get(path)
    with tenant(shop):
        assert not Consent.objects.filter(shop=shop).exists()
    for _ in range(2):
        guest.post(path)

    with tenant(shop):
        assert Consent.objects.filter(shop=shop).count() == 1


def test_whoever_did_not_tick_is_not_asked_to_confirm(quiz, guest, shop):
    result = take_whole(guest)
    guest.post(f"{result}mail/", {"email": "a@example.com"})

    with tenant(shop):
        assert "/confirm/" not in MailContent.objects.get(shop=shop).text


def test_a_known_person_is_not_changed_by_a_strangers_form(quiz, guest, shop):
    with tenant(shop):
        known = Customer.objects.create(
            shop=shop,
            name="山田 花子",
            email="a@example.com",
            email_norm="a@example.com",
            locale="ja",
        )
    result = take_whole(guest)
    guest.post(f"{result}mail/?lang=en", {"email": "A@Example.com"})

    with tenant(shop):
        assert Customer.objects.filter(shop=shop).count() == 1
        known.refresh_from_db()
        assert (known.locale, known.email) == ("ja", "a@example.com")


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "a@example.com\r\nBcc: b@example.com", '"a@b"@example.com'],
)
def test_an_address_that_is_none_comes_back_with_words(quiz, guest, shop, email):
    result = take_whole(guest)

    page = guest.post(f"{result}mail/", {"email": email})

    assert page.status_code == 422
    with tenant(shop):
        assert not Lead.objects.filter(shop=shop).exists()


def test_somebody_who_was_erased_is_not_brought_back(quiz, guest, shop):
    with tenant(shop):
        customer = make_customer(shop, email="a@example.com")
        erase(customer=customer, at=timezone.now(), by=None)
    result = take_whole(guest)

    sent = guest.post(f"{result}mail/", {"email": "a@example.com"})

    assert sent.status_code == 303
    with tenant(shop):
        assert Customer.objects.filter(shop=shop).count() == 1
        assert not Lead.objects.filter(shop=shop).exists()


def test_nobody_is_buried_in_results_they_did_not_ask_for(quiz, guest, shop, monkeypatch):
    monkeypatch.setattr(views, "MAIL_PER_MAILBOX", 1)
    first, second = take_whole(guest), take_whole(guest)

    guest.post(f"{first}mail/", {"email": "a@example.com"})
    sent = Client(REMOTE_ADDR="198.51.100.7").post(f"{second}mail/", {"email": "A+1@example.com"})

    assert sent.status_code == 303
    with tenant(shop):
        assert Mail.objects.filter(shop=shop).count() == 1


def test_who_fills_what_people_do_not_see_gets_the_same_page_and_nothing_else(quiz, guest, shop):
    result = take_whole(guest)

    sent = guest.post(f"{result}mail/", {"email": "a@example.com", "homepage": "x"})

    assert sent.status_code == 303
    with tenant(shop):
        assert not Lead.objects.filter(shop=shop).exists()


def test_one_flood_leaves_others_unharmed(quiz, guest, monkeypatch):
    monkeypatch.setattr(views, "BEGIN_PER_SENDER", 3)
    flood = [guest.post("/d/stage/").status_code for _ in range(5)]

    other = Client(REMOTE_ADDR="198.51.100.7").post("/d/stage/")

    assert flood == [303, 303, 303, 429, 429]
    assert other.status_code == 303


def test_all_of_one_ipv6_network_count_as_one_sender(quiz, monkeypatch):
    monkeypatch.setattr(views, "BEGIN_PER_SENDER", 1)
    said = [
        Client(REMOTE_ADDR=ip).post("/d/stage/").status_code
        for ip in ("2001:db8:1::1", "2001:db8:1:ffff::9", "2001:db8:2::1")
    ]

    assert said == [303, 429, 303]


def test_nobody_is_refused_while_the_cache_is_away(quiz, guest, monkeypatch, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert guest.post("/d/stage/").status_code == 303


def test_the_pages_are_light(quiz, guest):
    from django.contrib.staticfiles import finders

    for address in (begin(guest), take_whole(guest)):
        page = guest.get(address).content.decode()
        styles = re.findall(r'href="/static/([^"]+\.css)"', page)
        weight = len(page.encode())
        for name in styles:
            plain = re.sub(r"\.[0-9a-f]{12}\.css$", ".css", name)
            with open(finders.find(plain), "rb") as file:
                weight += len(file.read())
        assert weight < 60_000


def test_reverse_addresses_are_those_of_the_plan():
    assert reverse("quiz", args=["stage"]) == "/d/stage/"
