from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.complaints.services import rebuild
from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import CustomerIdentity, PurchaseLine
from crm.customers.notes import write_note
from crm.customers.services import record_consent
from crm.guard.enums import Moment, Reason, Verdict
from crm.guard.models import GuardDecision
from crm.ledger.enums import Kind
from crm.mail.enums import MailReason, MailState, Purpose
from crm.mail.models import Mail
from crm.shops.enums import Role
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from horetsu_site.pages.customers import letters_of
from tests.crm.followups.conftest import person_at, suggest
from tests.factories import make_customer, make_member, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

LIST = "/shops/otonari/customers/"
LETTER = "毎朝いただいています。香りがとてもよくて、家族みんなで楽しみにしています。"


@pytest.fixture(autouse=True)
def owner_is_here(client, shop, owner):
    client.force_login(owner)


@pytest.fixture
def days_ago():
    now = timezone.now()
    return lambda days: now - timedelta(days=days)


def make_mail(customer, **kwargs):
    number = Mail.objects.count()
    return Mail.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        to_address=customer.email,
        purpose=kwargs.pop("purpose", Purpose.EVALUATION),
        expires_at=kwargs["due_at"] + timedelta(days=30),
        dedup_key=str(number),
        **kwargs,
    )


def read(client, address, language="ja"):
    response = client.get(address, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_who_is_known_and_how_the_relationship_stands(client, shop, days_ago):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳代", kana="やまぐち かよ")
        make_purchase(kayo, ordered_at=days_ago(3))
        make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(1))
        reassess(customer=kayo, now=days_ago(0))
        make_customer(shop, name="小林 直人")

    html = read(client, LIST)

    assert "やまぐち かよ" in html
    assert "人としてのつながり" in html
    assert html.count("まだ何もありません") == 1


def test_the_list_goes_on_where_the_page_before_ended(client, shop):
    with tenant(shop):
        for number in range(51):
            make_customer(shop, name=f"お客{number:02}")

    first = read(client, LIST)
    after = first.rpartition('"?after=')[2].partition('"')[0]
    second = read(client, f"{LIST}?after={after}")

    assert "お客50" in first
    assert "お客00" not in first
    assert "お客00" in second
    assert '"?after=' not in second


def test_a_search_keeps_its_words_on_the_following_page(client, shop):
    with tenant(shop):
        for _ in range(51):
            make_customer(shop, name="山口 &")

    html = read(client, f"{LIST}?q=山口+%26")

    assert 'value="山口 &amp;"' in html
    assert "?q=%E5%B1%B1%E5%8F%A3+%26&amp;after=" in html


def test_a_search_that_finds_nobody_says_what_to_try(client, shop):
    assert "見つかりませんでした" in read(client, f"{LIST}?q=誰か")


def questions(client, address):
    """How many the page asks the database; the first visit fills what is kept in memory."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_the_list_asks_the_same_few_questions_however_long(client, shop):
    def grown(number):
        with tenant(shop):
            for _ in range(number):
                customer = make_customer(shop)
                make_purchase(customer)
                reassess(customer=customer, now=timezone.now())
        return questions(client, LIST)

    assert grown(1) == grown(2) <= 12


def test_the_page_of_a_person_says_who_they_are_and_where_they_stand(client, shop, days_ago):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳代", kana="やまぐち かよ", email="kayo@example.jp")
        CustomerIdentity.objects.create(
            shop=shop, customer=kayo, source="eccube", external_id="00042"
        )
        make_purchase(kayo, ordered_at=days_ago(500), total=8_640_00)
        make_purchase(kayo, ordered_at=days_ago(10), total=1_360_00)
        make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(1))

    html = read(client, f"{LIST}{kayo.pk}/")

    assert "山口 佳代さま" in html
    assert "00042<small>eccube</small>" in html
    assert "2回、10,000円" in html
    assert "1年4か月" in html
    assert 'aria-current="step"><svg class="moon stage-2"' in html
    assert "ご自身から動いてくださる日が2日" in html  # 次に見えてくるもの
    assert "関係の温度" in html


def test_the_line_of_time_holds_everything_newest_first(client, shop, days_ago):
    with tenant(shop):
        kayo = make_customer(shop)
        order = make_purchase(kayo, ordered_at=days_ago(20))
        PurchaseLine.objects.create(shop=shop, purchase=order, position=0, product="ほうじ茶「宵」")
        make_touchpoint(kayo, Kind.EXPECTATION, value=Decimal(7), at=days_ago(19), purchase=order)
        make_mail(kayo, state=MailState.ACCEPTED, due_at=days_ago(12), accepted_at=days_ago(12))
        make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(5))

    html = read(client, f"{LIST}{kayo.pk}/").partition('id="history"')[2]

    seen = [
        "観測から共感へ",
        LETTER,
        "送信済み",
        "7とのお答え",
        "観測からはじまる",
        "ほうじ茶「宵」",
    ]
    places = [html.index(words) for words in seen]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("state", "reason", "tag"),
    [
        (MailState.DUE, Reason.DISTANCE, "今は待つ"),
        (MailState.BLOCKED, Reason.STAGE_FORBIDS, MailState.BLOCKED.label),
        (MailState.CANCELLED, MailReason.TOO_LATE, MailState.CANCELLED.label),
        (MailState.UNKNOWN, MailReason.NO_ANSWER, MailState.UNKNOWN.label),
    ],
)
def test_a_mail_that_was_not_sent_stays_on_the_line_with_its_reason(
    client, shop, days_ago, state, reason, tag
):
    with tenant(shop):
        kayo = make_customer(shop)
        make_mail(kayo, state=state, reason=reason, due_at=days_ago(-2))

    html = read(client, f"{LIST}{kayo.pk}/").partition('id="history"')[2]

    assert f'<span class="tag">{tag}</span>' in html
    assert str(reason.label) in html


def test_a_reason_nobody_has_words_for_is_shown_as_it_stands(client, shop, days_ago):
    with tenant(shop):
        kayo = make_customer(shop)
        make_mail(kayo, state=MailState.CANCELLED, reason="of_old", due_at=days_ago(2))

    assert "of_old" in read(client, f"{LIST}{kayo.pk}/")


def test_words_are_never_taken_for_html(client, shop, days_ago):
    with tenant(shop):
        kayo = make_customer(shop, name="<b>佳代</b>")
        make_touchpoint(kayo, Kind.LETTER, text="<script>alert(1)</script>", at=days_ago(1))

    html = read(client, f"{LIST}{kayo.pk}/")

    assert "&lt;b&gt;佳代&lt;/b&gt;" in html
    assert "<script>alert" not in html


def test_a_merged_person_is_shown_as_the_one_they_are(client, shop):
    with tenant(shop):
        kayo = make_customer(shop)
        twin = make_customer(shop, merged_into=kayo)

    assert client.get(f"{LIST}{twin.pk}/").headers["Location"] == f"{LIST}{kayo.pk}/"


def test_somebody_of_whom_nothing_is_known_has_a_page_all_the_same(client, shop):
    with tenant(shop):
        nobody = make_customer(shop, name="", email="guest@example.com")

    assert "guest@example.comさま" in read(client, f"{LIST}{nobody.pk}/")


def test_an_erased_person_has_no_name(client, shop, days_ago):
    with tenant(shop):
        gone = make_customer(shop, name="", email="", erased_at=days_ago(1))

    assert "データを消去した方" in read(client, f"{LIST}{gone.pk}/")


def test_the_page_of_a_person_asks_the_same_few_questions_however_much_happened(
    client, shop, owner, days_ago
):
    with tenant(shop):
        kayo = make_customer(shop)
        for days in (300, 200):  # so that the stage rests on both kinds of proof from the start
            make_purchase(kayo, ordered_at=days_ago(days))
            make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(days))

    def grown(numbers):
        with tenant(shop):
            for each in numbers:
                order = make_purchase(kayo, ordered_at=days_ago(10 * each + 9))
                PurchaseLine.objects.create(shop=shop, purchase=order, position=0, product="煎茶")
                make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(each))
                make_touchpoint(
                    kayo, Kind.SHARE, at=days_ago(each), other_customer=make_customer(shop)
                )
                make_touchpoint(kayo, Kind.COMPLAINT, at=days_ago(each), thread=f"box {each}")
                mail = make_mail(kayo, state=MailState.DUE, due_at=days_ago(-each))
                for customer_mail in (mail, None):
                    GuardDecision.objects.create(
                        shop=shop, customer=kayo, mail=customer_mail, purpose=Purpose.NPS,
                        moment=Moment.SENDING, verdict=Verdict.HOLD, reason=Reason.NIGHT,
                    )  # fmt: skip
                record_consent(
                    customer=kayo, purpose=ConsentPurpose.SURVEY, state=ConsentState.GIVEN,
                    at=days_ago(each), evidence={},
                )  # fmt: skip
                write_note(
                    customer=kayo,
                    source=f"hand:{each}",
                    at=days_ago(each),
                    author=owner,
                    text="朝に",
                )
            rebuild(customer=kayo, now=days_ago(0))
        return questions(client, f"{LIST}{kayo.pk}/")

    assert grown([0]) == grown([1, 2]) <= 46


def test_words_without_a_reply_are_answered_from_the_timeline(client, shop, days_ago):
    with tenant(shop):
        kayo = make_customer(shop)
        letter = make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(2))
        act = make_touchpoint(kayo, Kind.IDEA, at=days_ago(3))
        make_touchpoint(kayo, Kind.NPS, value=9, at=days_ago(4))
        make_touchpoint(kayo, Kind.COMPLAINT, text=LETTER, at=days_ago(5))
        make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(90))
    address = f"{LIST}{kayo.pk}/"

    waiting = read(client, address)
    for fact in (letter, act):
        client.post(f"/shops/otonari/suggestions/answered/{fact.pk}/", {"channel": "phone"})
    answered = read(client, address)

    assert waiting.count("/suggestions/answered/") == 2
    assert waiting.count("お返事しました") == waiting.count("お礼をお伝えしました") == 1
    assert f"/suggestions/answered/{letter.pk}/undo/" in answered
    assert answered.count("お店からのお電話") == 2
    assert 'name="channel"' not in answered


def test_who_may_only_look_sees_that_words_wait_and_presses_nothing(client, shop, days_ago):
    client.force_login(make_member(shop, Role.VIEWER))
    with tenant(shop):
        kayo = person_at(2, shop)
        suggest(kayo)
        make_touchpoint(kayo, Kind.LETTER, text=LETTER, at=days_ago(2))

    html = read(client, f"{LIST}{kayo.pk}/")

    assert "お返事待ち" in html
    assert ">見る</a>" in html
    assert "書いてお伝えする" not in html
    assert "/answered/" not in html


def test_a_suggestion_is_shown_with_what_the_guard_says_of_just_that(client, shop, days_ago):
    with tenant(shop):
        kayo = person_at(2, shop)
        suggest(kayo)
        letters = letters_of(kayo, now=days_ago(0))

    html = read(client, f"{LIST}{kayo.pk}/", "en")

    assert letters.foresight.decision.reason == Reason.NO_CONSENT
    assert "has not asked for letters" not in html


def test_a_case_comes_before_the_letter_about_it(client, shop, days_ago):
    with tenant(shop):
        kayo = person_at(1, shop)
        make_touchpoint(kayo, Kind.COMPLAINT, text=LETTER, at=days_ago(1))
        (case,) = rebuild(customer=kayo, now=days_ago(0))
        suggest(kayo, "recovery.listen")

    html = read(client, f"{LIST}{kayo.pk}/")

    assert f'class="button button-main" href="/shops/otonari/complaints/{case.pk}/"' in html
    assert html.count("button-main") == 1
