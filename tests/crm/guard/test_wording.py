import pytest

from crm.guard.enums import Measure
from crm.guard.measures import FORBIDDEN, SELLING
from crm.guard.wording import Found, forbidden_in, offers_in
from crm.stages.enums import Stage

PHRASES = [
    pytest.param(each, phrase, id=f"{each.measure}:{phrase}")
    for each in FORBIDDEN
    for phrase in each.ja + each.en
]


def measures(text: str, stage: Stage) -> set[Measure]:
    return {found.measure for found in forbidden_in(text, stage)}


def test_every_measure_has_words_in_both_languages_and_a_stage():
    assert {each.measure for each in FORBIDDEN} == set(Measure)
    for each in FORBIDDEN:
        assert each.stages
        assert each.ja
        assert each.en


@pytest.mark.parametrize(("forbidden", "phrase"), PHRASES)
def test_each_phrase_is_found_in_the_midst_of_a_sentence(forbidden, phrase):
    words = phrase.replace("#", "10")
    text = f"先日は {words} のこと。"

    for stage in forbidden.stages:
        assert forbidden.measure in measures(text, stage)


def test_a_measure_is_found_at_its_own_stages_only():
    assert measures("送料無料でお届けします", Stage.OBSERVER) == {Measure.SIGNUP_DISCOUNT}
    assert measures("送料無料でお届けします", Stage.ENGAGEMENT) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("いまだけ１０％ＯＦＦです", None),
        ("初回限定、10％オフです", "10％オフ"),
        ("初回限定、１０ % オフです", "１０ % オフ"),
        ("ｸｰﾎﾟﾝを添えました", "ｸｰﾎﾟﾝ"),
        ("くーぽんを添えました", "くーぽん"),
        ("クー\nポンを添えました", "クー ポン"),
        ("クー\u200bポンを添えました", "クー\u200bポン"),
        ("A Discount for you", "Discount"),
        ("for a limited\n  time", "limited time"),
        ("三百円引きます", "三百円引"),
    ],
)
def test_width_case_kana_and_spaces_make_no_difference_and_the_words_are_shown_as_written(
    text, words
):
    found = [each.words for each in forbidden_in(text, Stage.OBSERVER)]

    if words:
        assert words in found


@pytest.mark.parametrize(
    "text",
    [
        "お早めにお召し上がりください。",
        "お得意さまの山口さまへ",
        "ヘルシーなお茶です",
        "It was a discounted thought.",
        "品質管理の係より",
        "",
    ],
)
def test_what_kind_shops_write_is_left_alone(text):
    for stage in Stage:
        assert forbidden_in(text, stage) == ()


def test_the_same_finding_is_told_once():
    assert forbidden_in("割引です。割引です。", Stage.OBSERVER) == (
        Found(Measure.SIGNUP_DISCOUNT, "割引"),
    )


def test_an_offer_is_one_at_whichever_stage():
    assert {found.measure for found in offers_in("次回のご注文に定期便を。")} <= SELLING
    assert offers_in("次回のご注文に定期便を。")
    assert offers_in("お手紙をありがとうございました。") == ()
