"""Who gave no expectation in time compares in one answer: worse, as expected, or better."""

import re

import pytest

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.tenancy.door import tenant
from surveys.enums import Occasion
from surveys.models import Response
from tests.factories import make_customer
from tests.surveys.visits import WORDS, form, hidden, invite, stored

pytestmark = pytest.mark.django_db

WORSE, SAME, BETTER = "思っていたのと違った", "思っていたとおり", "思っていた以上"


@pytest.fixture
def asked(shop):
    return invite(shop, occasion=Occasion.PERCEIVED)


@pytest.fixture
def path(asked):
    return asked[1]


def facts(shop):
    with tenant(shop):
        return list(Touchpoint.objects.order_by("pk").values_list("kind", "value"))


@pytest.mark.parametrize(
    ("lang", "question", "words"),
    [
        ("ja", "思っていたのと比べて、いかがでしたか", [WORSE, SAME, BETTER]),
        (
            "en",
            "How was it, compared with what you had expected?",
            ["Not what I had expected", "As I had expected", "Better than I had expected"],
        ),
    ],
)
def test_the_page_offers_three_answers_in_words_and_no_numbers(client, path, lang, question, words):
    text = client.get(f"{path}?lang={lang}").text

    assert question in text
    assert re.findall(r'class="choice">.*?<span>(.*?)</span>', text) == words
    assert "scale-step" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("score", "chosen"), [("-1", "-1"), ("0", "0"), ("1", "1"), ("9", None), ("x", None)]
)
def test_a_link_of_the_mail_only_preselects(client, shop, path, score, chosen):
    text = client.get(f"{path}?score={score}").text

    assert re.findall(r'value="(-?\d)" required checked', text) == ([chosen] if chosen else [])
    assert stored(shop) == ([], [])


def test_the_other_language_keeps_the_choice(client, path):
    assert 'href="?lang=en&amp;score=-1"' in client.get(f"{path}?score=-1").text


@pytest.mark.parametrize(("score", "said"), [("-1", WORSE), ("0", SAME), ("1", BETTER)])
def test_the_answer_is_a_fact_of_its_own_kind_and_thanked_for_in_its_words(
    client, shop, asked, score, said
):
    invitation, path = asked

    posted = client.post(path, form(invitation, score, WORDS))

    assert facts(shop) == [(Kind.PERCEIVED, int(score))]
    assert f"お送りいただいたのは「{said}」です。" in client.get(posted["Location"]).text


def test_the_same_answer_twice_counts_once(client, shop, asked):
    invitation, path = asked

    first, second = (client.post(path, form(invitation, "1", WORDS)) for _ in range(2))

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert stored(shop) == ([(1, WORDS)], [Standing.COUNTS])


def test_the_answer_may_be_corrected_from_the_page_that_says_there_is_one(client, shop, asked):
    invitation, path = asked
    client.post(path, form(invitation, "1", WORDS))

    page = client.post(path, form(invitation, "-1"))
    posted = client.post(path, form(invitation, "-1", revises=hidden(page, "revises")))

    assert "お答えはすでにいただいています。" in page.text
    assert posted.status_code == 303
    assert stored(shop)[0] == [(-1, "")]
    assert [value for _kind, value in facts(shop)] == [1, -1]


@pytest.mark.parametrize("score", ["", "2", "9", "-2", "１"])
def test_anything_else_is_asked_again(client, shop, asked, score):
    invitation, path = asked

    response = client.post(path, form(invitation, score, WORDS))

    assert response.status_code == 422
    assert "近いものをひとつお選びください。" in response.text
    assert WORDS in response.text
    assert stored(shop) == ([], [])


def test_a_scanner_that_presses_all_three_is_found_out(client, shop, asked):
    invitation, path = asked

    for score in ("-1", "0", "1"):
        client.post(path, form(invitation, score))

    assert stored(shop)[1] == [Standing.SUSPECTED]
    with tenant(shop):
        assert Response.objects.get().is_suspected


def test_an_observer_finds_the_sheet_for_words_folded_and_others_find_it_open(client, shop):
    with tenant(shop):
        customer = make_customer(shop)
    _observer, folded = invite(shop, occasion=Occasion.PERCEIVED, stage=0)
    _landed, open_ = invite(shop, occasion=Occasion.PERCEIVED, stage=1, customer=customer)

    observers, others = client.get(folded).text, client.get(open_).text

    assert "よろしければ、ひとこと" not in observers
    assert "<details" in observers
    assert "よろしければ、ひとこと" in others
    assert "<details" not in others
    assert observers.count("<textarea") == others.count("<textarea") == 1


def test_words_that_come_back_to_an_observer_lie_open(client, asked):
    invitation, path = asked

    assert '<details class="fold" open>' in client.post(path, form(invitation, "", WORDS)).text
