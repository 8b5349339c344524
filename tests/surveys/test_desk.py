"""What staff see and press: the surveys, the answers, and what was left out."""

import pytest
from django.utils import timezone

from crm.ledger.enums import Standing
from crm.ledger.models import Touchpoint
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from surveys.enums import Signal, SurveyKind
from surveys.models import Response, Survey
from surveys.opening import open_invitation
from surveys.services import begin_survey, record_answer
from tests.factories import make_customer, make_member
from tests.surveys.conftest import make_invitation

pytestmark = pytest.mark.django_db

WORDS = "香りがとても良くて、母にも淹れてあげたいと思います。"


@pytest.fixture
def survey(shop):
    with tenant(shop):
        return begin_survey(shop=shop, kind=SurveyKind.ORDER, at=timezone.now())


@pytest.fixture
def suspected(shop, survey):
    """An answer left out as a machine's."""
    return answered(shop, signals=[Signal.TOO_FAST])


@pytest.fixture
def owners_client(client, owner):
    client.force_login(owner)
    return client


def answered(shop, *, signals=(), words=WORDS, score=9):
    with tenant(shop):
        invitation = make_invitation(shop, customer=make_customer(shop, name="山口 佳代"))
        record_answer(
            opened=open_invitation(shop.pk, invitation.pk, lock=True),
            score=score,
            words=words,
            at=timezone.now(),
            zone=shop.zone,
            signals=list(signals),
        )
        return Response.objects.latest("pk")


def page(shop, survey=None, rest=""):
    return f"/shops/{shop.slug}/surveys/" + (f"{survey.pk}/" if survey else "") + rest


def test_opening_the_list_begins_nothing_and_offers_both(owners_client, shop):
    response = owners_client.get(page(shop))

    assert response.text.count("おうかがいを始める") == 2
    with tenant(shop):
        assert not Survey.objects.exists()


def test_one_press_begins_a_survey_and_another_stops_it(owners_client, shop):
    begun = owners_client.post(page(shop, rest="new/"), {"kind": "order"})
    with tenant(shop):
        survey = Survey.objects.get()
    stopped = owners_client.post(page(shop, survey, "switch/"), {"to": "off"})

    assert survey.is_on
    assert (begun["Location"], stopped["Location"]) == (page(shop, survey), page(shop, survey))
    with tenant(shop):
        assert not Survey.objects.get().is_on


def test_there_is_no_third_kind_of_survey(owners_client, shop):
    assert owners_client.post(page(shop, rest="new/"), {"kind": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("after_delivery", "status", "kept"), [("3", 302, 3), ("0", 422, 7), ("9" * 400, 422, 7)]
)
def test_the_waits_are_kept_when_they_make_sense(
    owners_client, shop, survey, after_delivery, status, kept
):
    data = {"days_after_delivery": after_delivery, "days_after_order": "14"}

    response = owners_client.post(page(shop, survey, "waits/"), data)

    with tenant(shop):
        assert (response.status_code, Survey.objects.get().days_after_delivery) == (status, kept)


def test_the_page_shows_the_questions_and_the_answers_with_their_words(owners_client, shop, survey):
    answered(shop)

    text = owners_client.get(page(shop, survey)).text

    for said in ("届く商品は、どのくらい良いと思いますか", "山口 佳代", "<b>9</b> / 10", WORDS):
        assert said in text


def test_words_are_shown_and_never_run(owners_client, shop, survey):
    answered(shop, words="<script>alert(1)</script>{{ 7|add:7 }}")

    text = owners_client.get(page(shop, survey)).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text
    assert "<script>alert" not in text


def test_what_was_left_out_is_shown_with_its_sign_and_counts_after_one_press(
    owners_client, owner, shop, survey, suspected
):
    answered(shop)
    shown = owners_client.get(page(shop, survey, "?show=suspected")).text
    judge = page(shop, survey, f"responses/{suspected.pk}/judge/")

    owners_client.post(judge, {"counts": "yes"})
    counted = standing_of(suspected, shop)
    owners_client.post(judge, {"counts": "no"})

    assert shown.count("<article") == 1
    assert str(Signal.TOO_FAST.label) in shown
    assert (counted, standing_of(suspected, shop)) == (Standing.COUNTS, Standing.SUSPECTED)
    with tenant(shop):
        assert Response.objects.get(pk=suspected.pk).judged_by == owner


def standing_of(response, shop):
    with tenant(shop):
        return Standing(Touchpoint.objects.get(pk=response.touchpoint_id).standing)


@pytest.mark.parametrize("answers", [1, 3])
def test_the_page_asks_the_database_as_often_for_many_answers_as_for_one(
    owners_client, shop, survey, answers, django_assert_num_queries
):
    for _ in range(answers):
        answered(shop)

    with django_assert_num_queries(10):
        owners_client.get(page(shop, survey))


@pytest.mark.parametrize(
    ("role", "begins", "judges"),
    [(Role.OWNER, 302, 302), (Role.MANAGER, 302, 302), (Role.STAFF, 403, 302),
     (Role.VIEWER, 403, 403)],
)  # fmt: skip
def test_each_role_may_press_what_is_its_own(client, shop, survey, suspected, role, begins, judges):
    client.force_login(make_member(shop, role))

    statuses = [
        client.get(page(shop, survey)).status_code,
        client.post(page(shop, rest="new/"), {"kind": "nps"}).status_code,
        client.post(page(shop, survey, f"responses/{suspected.pk}/judge/")).status_code,
    ]

    assert statuses == [200, begins, judges]


def test_a_viewer_is_offered_no_button(client, shop, survey, suspected):
    client.force_login(make_member(shop, Role.VIEWER))

    text = client.get(page(shop, survey)).text + client.get(page(shop)).text

    assert "<button" not in text


def test_an_answer_of_another_survey_is_not_judged_here(owners_client, shop, suspected):
    with tenant(shop):
        nps = begin_survey(shop=shop, kind=SurveyKind.NPS, at=timezone.now())

    response = owners_client.post(page(shop, nps, f"responses/{suspected.pk}/judge/"))

    assert response.status_code == 404
