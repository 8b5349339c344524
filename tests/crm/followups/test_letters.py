from dataclasses import replace

import pytest
from django.utils import timezone

from crm.followups.letters import letter_of, words_of_mail
from crm.guard.selectors import SIGNATURE, words_of
from crm.guard.wording import forbidden_in, offers_in
from crm.mail.models import MailContent
from crm.mail.services import queue_mail
from crm.stages.enums import Stage
from crm.tenancy.door import tenant
from tests.crm.followups.conftest import LETTER, person_at, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def door(shop):
    with tenant(shop):
        yield


def test_a_letter_begins_as_the_play_drafts_it_in_the_customers_language(shop):
    japanese, english = person_at(2, shop), person_at(2, shop, locale="en")

    letters = [letter_of(suggest(person), shop) for person in (japanese, english)]

    assert letters[0].opening == "お便りを、ゆっくり拝読しました。"
    assert letters[1].opening == "I have read your words, slowly and more than once."
    assert {letter.personal for letter in letters} == {""}


@pytest.mark.parametrize(
    ("personal", "is_personal"),
    [
        ("おばあさまの台所の香り、すてきです。", True),
        ("ありがとうございました。", False),
        ("拝読しました。", False),
        ("I remember my grandmother's kitchen.", True),
        ("Thank you very much.", False),
        ("So nice.", False),
    ],
)
def test_a_word_or_a_stock_phrase_is_not_personal(personal, is_personal):
    assert replace(LETTER, personal=personal).is_personal is is_personal


def test_from_empathy_on_a_person_is_the_sender(shop):
    senders = {
        stage: words_of_mail(suggest(person_at(stage, shop)), LETTER, shop).sender_name
        for stage in Stage
    }

    named = "三浦 紗季（おとなり茶舗）"
    assert senders == {0: "", 1: "", 2: named, 3: named, 4: named}


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_frame_of_a_letter_says_nothing_any_stage_forbids(shop, locale):
    """Else a letter would be held for words that nobody wrote."""
    customer = person_at(2, shop, locale=locale, name="")
    suggestion = suggest(customer)
    words = words_of_mail(suggestion, replace(LETTER, opening="", personal="", closing=""), shop)
    said = f"{words.text}{words.subject}"

    for stage in Stage:
        assert forbidden_in(said, stage) == ()
    assert offers_in(said) == ()
    assert SIGNATURE in words.text


def test_the_guard_reads_the_letter_and_not_its_foot(shop):
    suggestion = suggest(person_at(2, shop))
    now = timezone.now()
    mail = queue_mail(
        customer=suggestion.customer,
        purpose=suggestion.what.purpose,
        words=words_of_mail(suggestion, LETTER, shop),
        due_at=now,
        expires_at=now,
        dedup_key="x",
    )

    said = words_of(mail)

    assert LETTER.subject in said
    assert LETTER.personal in said
    assert shop.postal_address not in said
    assert MailContent.objects.get().personal_hash


def test_markup_in_a_letter_stays_words(shop):
    letter = replace(LETTER, personal="<script>alert(1)</script> & <b>太字</b>")

    html = words_of_mail(suggest(person_at(2, shop)), letter, shop).html

    assert "<script>" not in html
    assert "&lt;b&gt;太字" in html
