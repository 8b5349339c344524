"""What an invitation says, by occasion, by how near the person stands, in both languages."""

import html
import re

import pytest

from crm.shops.models import Shop
from surveys.enums import Occasion, SurveyKind, Tone
from surveys.letters import Links, Sender, letter, sender_of, tone_of
from surveys.wording import OwnWords, first_items, item_in, reworded
from tests.factories import NOON

SHOP = Shop(
    name="おとなり茶舗", keeper_name="三浦 紗季", keeper_title="店主",
    contact_email="miura@otonari.example", postal_address="長野県松本市",
)  # fmt: skip
LINKS = Links(
    answer="https://shop.example/a/t/", privacy="https://shop.example/p/",
    stop="https://shop.example/u/t/",
)  # fmt: skip
KINDS = {
    Occasion.EXPECTATION: SurveyKind.ORDER,
    Occasion.EVALUATION: SurveyKind.ORDER,
    Occasion.PERCEIVED: SurveyKind.ORDER,
    Occasion.NPS: SurveyKind.NPS,
}
EVERY = [
    (occasion, tone, language)
    for occasion in Occasion
    for tone in Tone
    for language in ("ja", "en")
    if (occasion, tone) != (Occasion.NPS, Tone.CARE)  # an Observer is never asked this
]

# What asks for words, hurries, offers or flatters: never in a mail that asks.
PRESSING = {
    "ja": ["コメント", "レビュー", "クーポン", "割引", "お早め", "今すぐ", "ぜひご", "！", "特典"],
    "en": ["comment", "review", "coupon", "discount", "hurry", "now!", "take action", "!"],
}


def item_of(occasion, language, items=None):
    return item_in((items or first_items(KINDS[occasion]))[occasion], language)


def write(occasion, tone, language="ja", *, shop=SHOP, item=None):
    return letter(
        shop=shop, occasion=occasion, item=item or item_of(occasion, language),
        language=language, tone=tone, links=LINKS, customer_name="山口 佳代", ordered_at=NOON,
    )  # fmt: skip


def seen(words):
    """What a person reads of the HTML, without its styles and preview line."""
    body = re.sub(r"(?s)<style>.*?</style>|<!--.*?-->", "", words.html)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize(("occasion", "tone", "language"), EVERY)
def test_every_letter_asks_its_question_and_presses_nobody(occasion, tone, language):
    words = write(occasion, tone, language)

    for text in (words.text, seen(words)):
        assert item_of(occasion, language).question in text
        assert LINKS.stop in words.text
        assert [each for each in PRESSING[language] if each in text.lower()] == []
        assert "%(" not in text
        assert "{{" not in text


@pytest.mark.parametrize(("occasion", "tone", "language"), EVERY)
def test_every_answer_has_its_link_and_the_whole_page_one_too(occasion, tone, language):
    words = write(occasion, tone, language)

    links = re.findall(r'href="https://shop.example/a/t/\?score=(-?\d+)"', words.html)
    assert [int(score) for score in links] == list(item_of(occasion, language).answers)
    assert f"\n{LINKS.answer}\n" in words.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("occasion", [Occasion.EVALUATION, Occasion.NPS])
def test_a_person_writes_by_name_only_to_who_is_near(occasion, language):
    near, far = write(occasion, Tone.PERSONAL, language), write(occasion, Tone.CALM, language)
    greeting = {"ja": "おとなり茶舗の店主の三浦 紗季です。", "en": "This is 三浦 紗季"}[language]

    assert greeting in near.text
    assert greeting not in far.text
    assert greeting in seen(near)
    assert greeting not in seen(far)


def test_the_mail_itself_comes_from_the_person_who_writes():
    near, far = write(Occasion.NPS, Tone.PERSONAL), write(Occasion.NPS, Tone.CALM)

    assert near.sender_name == "三浦 紗季（おとなり茶舗）"
    assert far.sender_name == ""


def test_an_observer_is_told_that_all_is_well_without_an_answer():
    text = write(Occasion.EVALUATION, Tone.CARE).text

    assert "お困りのことがないか、気にかけております。" in text
    assert "お返事は、なくてもかまいません。" in text
    assert "そのままご返信ください" in text
    assert "読みます" not in text


def test_a_shop_that_takes_no_replies_does_not_offer_them():
    shop = Shop(name="おとなり茶舗")

    assert "ご返信ください" not in write(Occasion.EVALUATION, Tone.CARE, shop=shop).text


def test_without_anybodys_name_the_shop_itself_writes():
    assert (
        "おとなり茶舗です。"
        in write(Occasion.NPS, Tone.PERSONAL, shop=Shop(name="おとなり茶舗")).text
    )


def test_a_letter_is_in_the_shops_own_words_where_it_has_some():
    own = OwnWords(
        thing="ほうじ茶「宵」", intro="松本は、朝晩が冷えてまいりました。", thanks="うれしいです。"
    )
    items = reworded(
        first_items(SurveyKind.ORDER),
        "ja",
        {Occasion.EXPECTATION: own, Occasion.EVALUATION: own},
        sender="茶師 三浦",
    )
    item = item_of(Occasion.EXPECTATION, "ja", items)

    words = write(Occasion.EXPECTATION, Tone.PERSONAL, item=item)

    assert "ほうじ茶「宵」は、どのくらい良いと思いますか" in words.text
    assert "松本は、朝晩が冷えてまいりました。" in seen(words)
    assert "おとなり茶舗の茶師 三浦です。" in words.text
    assert sender_of(item, SHOP) == Sender("茶師 三浦")


def test_own_words_in_one_language_leave_the_other_as_it_was():
    first = first_items(SurveyKind.ORDER)
    own = OwnWords(thing="お茶", intro="こんにちは。", thanks="ありがとうございます。")

    changed = reworded(
        first, "ja", {Occasion.EXPECTATION: own, Occasion.EVALUATION: own}, sender=""
    )

    for occasion in (Occasion.EXPECTATION, Occasion.EVALUATION, Occasion.PERCEIVED):
        assert changed[occasion]["en"] == first[occasion]["en"]
        assert changed[occasion]["ja"]["thanks"] == "ありがとうございます。"
    assert changed[Occasion.PERCEIVED]["ja"]["about"] == "お茶について"
    assert first == first_items(SurveyKind.ORDER)


def test_what_a_shop_writes_never_becomes_markup():
    own = OwnWords(thing="<b>茶</b>", intro="<script>alert(1)</script>\n{{ 7 }}", thanks="")
    items = reworded(first_items(SurveyKind.NPS), "ja", {Occasion.NPS: own}, sender="<i>三浦</i>")

    words = write(Occasion.NPS, Tone.PERSONAL, item=item_of(Occasion.NPS, "ja", items))

    assert "<script>" not in words.html
    assert "<i>" not in words.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>{{ 7 }}" in words.html


@pytest.mark.parametrize(
    ("stage", "tone"),
    [(0, Tone.CARE), (1, Tone.CALM), (2, Tone.PERSONAL), (3, Tone.PERSONAL), (4, Tone.PERSONAL)],
)
def test_each_stage_has_its_tone(stage, tone):
    assert tone_of(stage) is tone
