"""What staff see and press to set a survey up, to word and time it, to stop it and go on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.mail.enums import MailState
from crm.mail.models import Mail
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import invite_due
from surveys.models import Survey, SurveyVersion
from surveys.services import begin_survey, prepare_survey
from tests.factories import make_customer, make_member, make_purchase
from tests.surveys.answered import answered, page

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WORDS = {
    "thing_expectation": "届くお茶", "intro_expectation": "支度をしております。",
    "thanks_expectation": "うれしいです。", "thing_evaluation": "お届けしたお茶",
    "intro_evaluation": "届きましたでしょうか。", "thanks_evaluation": "ありがとうございます。",
    "sender": "茶師 三浦",
}  # fmt: skip
TIMING = {
    "days_after_delivery": "3", "days_after_order": "21", "hour_from": "10", "hour_until": "18",
}  # fmt: skip


@pytest.fixture
def survey(shop):
    with tenant(shop):
        return begin_survey(shop=shop, kind=SurveyKind.ORDER, at=timezone.now() - HOUR)


@pytest.fixture
def draft(shop):
    with tenant(shop):
        return prepare_survey(shop=shop, kind=SurveyKind.ORDER)


@pytest.fixture
def owners_client(client, owner):
    client.force_login(owner)
    return client


def found(shop):
    with tenant(shop):
        return Survey.objects.get()


def invite_somebody(shop):
    """An invitation that waits; the customer is 山口 佳代."""
    now = timezone.now()
    with tenant(shop):
        make_purchase(make_customer(shop, name="山口 佳代"), ordered_at=now - HOUR / 2)
        invite_due(shop=shop, now=now)
        Mail.objects.update(state=MailState.DUE, reason="")


# -- setting up --------------------------------------------------------------------------------


def test_opening_the_list_begins_nothing_and_offers_both(owners_client, shop):
    response = owners_client.get(page(shop))

    assert response.text.count("内容を見て、準備する") == 2
    with tenant(shop):
        assert not Survey.objects.exists()


def test_choosing_a_survey_makes_it_ready_and_asks_nobody_yet(owners_client, shop):
    chosen = owners_client.post(page(shop, rest="new/"), {"kind": "order"})

    assert chosen["Location"] == page(shop, found(shop))
    assert not found(shop).is_on


def test_there_is_no_third_kind_of_survey(owners_client, shop):
    assert owners_client.post(page(shop, rest="new/"), {"kind": "x"}).status_code == 404


def test_before_it_begins_all_of_it_is_on_one_page_in_both_languages(owners_client, shop, draft):
    text = owners_client.get(page(shop, draft)).text

    for said in (
        "届く商品は、どのくらい良いと思いますか",
        "How good do you think your order will be?",
        "お届けから7日後",
        "9時から20時のあいだ",
        "7日に1回、90日に4回まで",
        "始める前のご注文には、おうかがいしません。",
        "メールと画面を見る",
        "おうかがいを始める",
    ):
        assert said in text
    assert text.count("button-main") == 1


def test_one_press_begins_it_and_another_stops_it(owners_client, shop, draft):
    begun = owners_client.post(page(shop, draft, "switch/"), {"to": "on"}, follow=True)
    is_on = found(shop).is_on
    owners_client.post(page(shop, draft, "switch/"), {"to": "off"})

    assert is_on
    assert "これからのご注文について、おうかがいします。" in begun.text
    assert not found(shop).is_on


# -- the look ahead ----------------------------------------------------------------------------


def test_who_would_be_asked_is_named_and_leads_to_the_customer(owners_client, shop, survey):
    with tenant(shop):
        customer = make_customer(shop, name="山口 佳代")
        make_purchase(customer, ordered_at=timezone.now() - HOUR / 2)

    text = owners_client.get(page(shop, survey)).text

    assert "1件はおうかがいします。" in text
    assert f'href="/shops/otonari/customers/{customer.pk}/">山口 佳代さま' in text
    assert "いま分かっていることだけで見た見通しです。" in text


# -- words and timing --------------------------------------------------------------------------


def test_the_shops_own_words_are_kept_in_a_version_of_their_own(owners_client, shop, survey):
    saved = owners_client.post(page(shop, survey, "words/ja/"), WORDS)

    assert saved["Location"] == page(shop, survey)
    assert "届くお茶は、どのくらい良いと思いますか" in owners_client.get(page(shop, survey)).text
    with tenant(shop):
        latest = SurveyVersion.objects.latest("n")
        assert (latest.n, latest.item("perceived", "ja").sender) == (2, "茶師 三浦")
        assert latest.item("perceived", "en").sender == ""


def test_the_form_shows_the_present_words_of_the_language(owners_client, shop, survey):
    japanese = owners_client.get(page(shop, survey, "words/ja/")).text
    english = owners_client.get(page(shop, survey, "words/en/")).text

    assert 'value="届く商品"' in japanese
    assert 'value="your order"' in english
    assert owners_client.get(page(shop, survey, "words/fr/")).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("thing_expectation", "", "必須"),
        ("thing_expectation", "あ" * 41, "40"),
        ("intro_evaluation", "あ" * 201, "200"),
        ("intro_evaluation", "クーポンをお送りします。", "「クーポン」は、控えたほうが"),
        ("thanks_expectation", "レビューをお待ちします。", "「レビューをお」は、控えたほうが"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_come_back_with_the_reason(
    owners_client, shop, survey, field, typed, said
):
    response = owners_client.post(page(shop, survey, "words/ja/"), WORDS | {field: typed})

    assert response.status_code == 422
    assert said in response.text
    assert typed in response.text
    with tenant(shop):
        assert SurveyVersion.objects.count() == 1


def test_what_cannot_be_seen_is_taken_out_of_own_words(owners_client, shop, survey):
    typed = WORDS | {
        "thing_expectation": "届く\x00お\u202e茶\n",
        "intro_evaluation": "一行目\r\n二行目\x07",
    }

    owners_client.post(page(shop, survey, "words/ja/"), typed)

    with tenant(shop):
        latest = SurveyVersion.objects.latest("n")
        assert latest.item("expectation", "ja").thing == "届くお茶"
        assert latest.item("evaluation", "ja").intro == "一行目\n二行目"


@pytest.mark.parametrize("kind", list(SurveyKind))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_our_own_words_are_words_the_guard_lets_go(owners_client, shop, kind, language):
    with tenant(shop):
        survey = prepare_survey(shop=shop, kind=kind)
    form = owners_client.get(page(shop, survey, f"words/{language}/")).context["form"]
    initial = {name: form[name].value() for name in form.fields}

    saved = owners_client.post(page(shop, survey, f"words/{language}/"), initial)

    assert saved.status_code == 302
    with tenant(shop):
        assert SurveyVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "kept"),
    [
        ({}, 302, (3, 10, 18)),
        ({"days_after_delivery": "0"}, 422, (7, 9, 20)),
        ({"days_after_delivery": "9" * 400}, 422, (7, 9, 20)),
        ({"hour_until": "11"}, 422, (7, 9, 20)),
        ({"hour_from": "3"}, 422, (7, 9, 20)),
        ({"hour_from": ""}, 422, (7, 9, 20)),
    ],
)
def test_the_timing_is_kept_when_it_makes_sense(owners_client, shop, survey, changes, status, kept):
    response = owners_client.post(page(shop, survey, "timing/"), TIMING | changes)

    now = found(shop)
    assert response.status_code == status
    assert (now.days_after_delivery, now.hour_from, now.hour_until) == kept


def test_how_often_one_person_is_asked_belongs_to_the_question_about_the_shop(owners_client, shop):
    with tenant(shop):
        survey = begin_survey(shop=shop, kind=SurveyKind.NPS, at=timezone.now())

    too_often = owners_client.post(page(shop, survey, "timing/"), TIMING | {"repeat_days": "30"})
    saved = owners_client.post(page(shop, survey, "timing/"), TIMING | {"repeat_days": "730"})

    assert (too_often.status_code, saved.status_code) == (422, 302)
    assert found(shop).repeat_days == 730
    assert "多くても二年に一度" in owners_client.get(page(shop, survey)).text


# -- while it runs -----------------------------------------------------------------------------


def test_the_page_says_what_went_out_what_waits_and_that_opening_is_not_counted(
    owners_client, shop, survey
):
    invite_somebody(shop)

    text = owners_client.get(page(shop, survey)).text

    assert "まだ一通もお送りしていません。" in text
    assert "1件がこれからです。" in text
    assert "メールが開かれたかどうかは数えません。" in text


def test_a_comparison_stands_beside_the_number_of_answers_it_rests_on(owners_client, shop, survey):
    answered(shop, occasion=Occasion.PERCEIVED, score=1)

    text = owners_client.get(page(shop, survey)).text

    assert "n=1、この90日のお答えです。" in text


def test_stopping_says_what_was_called_off_and_offers_to_undo(owners_client, shop, survey):
    invite_somebody(shop)

    stopped = owners_client.post(page(shop, survey, "switch/"), {"to": "off"}, follow=True)
    later = owners_client.get(page(shop, survey)).text
    undone = owners_client.post(page(shop, survey, "undo/"), follow=True)

    assert "お送りする前だった1件は、取りやめました。" in stopped.text
    assert "アンケートを止めたため、取りやめました。" in later
    assert "元に戻す（止めなかったことにする）" in later
    assert "元に戻しました。" in undone.text
    assert found(shop).is_on
    with tenant(shop):
        assert Mail.objects.get().state == MailState.DUE


def test_what_was_never_stopped_cannot_be_undone(owners_client, shop, survey):
    assert "元に戻す（止め" not in owners_client.get(page(shop, survey)).text

    undone = owners_client.post(page(shop, survey, "undo/"), follow=True)

    assert "元に戻せる時間が過ぎました。" in undone.text


@pytest.mark.parametrize("answers", [1, 3])
def test_the_page_asks_the_database_as_often_for_many_answers_as_for_one(
    owners_client, shop, survey, answers, django_assert_num_queries
):
    for _ in range(answers):
        answered(shop)
        with tenant(shop):
            make_purchase(make_customer(shop), ordered_at=timezone.now() - HOUR / 2)

    with django_assert_num_queries(36):
        owners_client.get(page(shop, survey))


# -- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sets_up"),
    [(Role.OWNER, 302), (Role.MANAGER, 302), (Role.STAFF, 403), (Role.VIEWER, 403)],
)
def test_each_role_may_press_what_is_its_own(client, shop, survey, role, sets_up):
    client.force_login(make_member(shop, role))

    seen = [client.get(page(shop, survey, rest)).status_code for rest in ("", "preview/")]
    pressed = [
        client.post(page(shop, rest="new/"), {"kind": "nps"}).status_code,
        client.post(page(shop, survey, "words/ja/"), WORDS).status_code,
        client.post(page(shop, survey, "timing/"), TIMING).status_code,
        client.post(page(shop, survey, "switch/"), {"to": "off"}).status_code,
        client.post(page(shop, survey, "undo/")).status_code,
    ]

    assert seen == [200, 200]
    assert pressed == [sets_up] * 5


def test_a_viewer_is_offered_no_button(client, shop, survey):
    answered(shop)
    client.force_login(make_member(shop, Role.VIEWER))

    for address in (page(shop), page(shop, survey), page(shop, survey, "responses/")):
        main = client.get(address).text.partition("<main")[2]
        assert "<button" not in main
        assert "/words/" not in main
        assert "/timing/" not in main
