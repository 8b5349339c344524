"""What staff see of a mail and its page before anybody gets them."""

import pytest

from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.services import prepare_survey
from tests.surveys.answered import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(shop):
    shop.keeper_name = "三浦 紗季"
    shop.save()
    with tenant(shop):
        return prepare_survey(shop=shop, kind=SurveyKind.ORDER)


@pytest.fixture
def owners_client(client, owner):
    client.force_login(owner)
    return client


@pytest.mark.parametrize(
    "occasion", [Occasion.EXPECTATION, Occasion.EVALUATION, Occasion.PERCEIVED]
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_mail_its_text_and_its_page_are_those_a_customer_gets(
    owners_client, shop, survey, occasion, language
):
    query = f"?occasion={occasion.value}&lang={language}&stage=2"
    with tenant(shop):
        question = survey.versions.get().item(occasion, language).question

    around = owners_client.get(page(shop, survey, f"preview/{query}"))
    mail = owners_client.get(page(shop, survey, f"preview/mail/{query}"))
    phone = owners_client.get(page(shop, survey, f"preview/page/{query}"))

    for shown in (around, mail, phone):
        assert question in shown.text
    assert f'<html lang="{language}">' in mail.text
    assert f'<html lang="{language}">' in phone.text


def test_the_nearer_the_customer_the_more_a_person_speaks(owners_client, shop, survey):
    greeting = "おとなり茶舗の三浦 紗季です。"

    texts = [
        owners_client.get(page(shop, survey, f"preview/mail/?stage={stage}")).text
        for stage in (0, 1, 2)
    ]

    assert [greeting in text for text in texts] == [False, False, True]


def test_nothing_can_be_sent_from_a_preview(owners_client, shop, survey):
    phone = owners_client.get(page(shop, survey, "preview/page/"))
    mail = owners_client.get(page(shop, survey, "preview/mail/"))

    assert '<form method="post" inert>' in phone.text
    assert "/a/" not in phone.text + mail.text
    assert "/u/" not in phone.text + mail.text
    assert "form-action 'none'" in phone["Content-Security-Policy"]
    assert "sandbox" in mail["Content-Security-Policy"]
    assert owners_client.post(page(shop, survey, "preview/page/")).status_code == 405


def test_only_the_preview_may_frame_and_only_its_frames_be_framed(owners_client, shop, survey):
    around = owners_client.get(page(shop, survey, "preview/"))
    other = owners_client.get(page(shop, survey))

    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "frame-src" not in other["Content-Security-Policy"]
    for rest in ("preview/mail/", "preview/page/"):
        framed = owners_client.get(page(shop, survey, rest))
        assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
        assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_an_observer_is_never_asked_whether_they_would_introduce_us(owners_client, shop):
    with tenant(shop):
        nps = prepare_survey(shop=shop, kind=SurveyKind.NPS)

    response = owners_client.get(page(shop, nps, "preview/?stage=0"))

    assert "観測（様子見）の方へ" not in response.text
    assert response.context["sample"].stage == 1


@pytest.mark.parametrize("query", ["?occasion=x", "?lang=fr", "?stage=9", "?stage=x", "?occasion="])
def test_what_an_address_says_wrongly_is_the_first_there_is(owners_client, shop, survey, query):
    sample = owners_client.get(page(shop, survey, f"preview/{query}")).context["sample"]

    assert (sample.occasion, sample.language, sample.stage) == (Occasion.EXPECTATION, "ja", 0)


def test_looking_is_no_beginning(owners_client, shop, survey):
    owners_client.get(page(shop, survey, "preview/"))

    with tenant(shop):
        survey.refresh_from_db()
        assert not survey.is_on


def test_a_reminder_is_seen_before_anybody_gets_it_where_there_is_one(owners_client, shop, survey):
    query = "?occasion=perceived&mail=is_one&stage="
    without = owners_client.get(page(shop, survey, f"preview/{query}1")).text
    with tenant(shop):
        survey.reminds = True
        survey.save()

    landing = owners_client.get(page(shop, survey, f"preview/{query}1")).text
    observer = owners_client.get(page(shop, survey, f"preview/{query}0")).text

    assert "これきり" in landing
    assert "念のためのご案内" in landing
    assert "これきり" not in without + observer
    assert "念のためのご案内" not in without + observer
