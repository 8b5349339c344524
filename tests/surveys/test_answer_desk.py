"""The answers as staff read them, decide what counts, and take them along."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.customers.models import Customer
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.shops.enums import Act, Role
from crm.shops.models import AuditEntry
from crm.tenancy.door import tenant
from surveys.enums import Occasion, Signal, SurveyKind
from surveys.models import Response
from surveys.services import begin_survey
from tests.factories import make_customer, make_member, make_purchase, make_touchpoint
from tests.surveys.answered import WORDS, answered, page

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


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


def compared(shop, expected, score, **kwargs):
    """An answer about an order of which something was expected in time."""
    now = timezone.now()
    with tenant(shop):
        customer = make_customer(shop, name=kwargs.pop("name", "山口 佳代"))
        purchase = make_purchase(customer, ordered_at=now - 9 * DAY, delivered_at=now - 7 * DAY)
        make_touchpoint(
            customer, Kind.EXPECTATION, value=expected, purchase=purchase, at=now - 8 * DAY
        )
    return answered(shop, score=score, customer=customer, purchase=purchase, **kwargs)


def shown(client, shop, survey, show):
    """The scores on the page of those answers, newest first."""
    response = client.get(page(shop, survey, f"responses/?show={show}"))
    return [row.score for row in response.context["page"].rows]


# -- reading -----------------------------------------------------------------------------------


def test_an_answer_stands_with_its_words_its_balance_and_the_way_to_the_customer(
    owners_client, shop, survey
):
    compared(shop, 6, 9)

    text = owners_client.get(page(shop, survey, "responses/")).text

    with tenant(shop):
        customer = Customer.objects.get()
    for said in ("6 → 9", WORDS, "期待を超えた", f"/customers/{customer.pk}/", "山口 佳代さま"):
        assert said in text


def test_a_comparison_stands_in_its_words(owners_client, shop, survey):
    answered(shop, score=-1, occasion=Occasion.PERCEIVED)

    text = owners_client.get(page(shop, survey, "responses/")).text

    assert "思っていたのと違った" in text
    assert "期待を下回った" in text


def test_words_are_shown_and_never_run(owners_client, shop, survey):
    answered(shop, words="<script>alert(1)</script>{{ 7|add:7 }}")

    for rest in ("", "responses/"):
        text = owners_client.get(page(shop, survey, rest)).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text
        assert "<script>alert" not in text


def test_the_answers_can_be_narrowed(owners_client, shop, survey):
    compared(shop, 9, 2, words="")
    compared(shop, 5, 10, words="")
    compared(shop, 7, 7, words=WORDS)
    answered(shop, score=0, words=WORDS, signals=[Signal.TOO_FAST])

    assert {show: shown(owners_client, shop, survey, show) for show in (
        "all", "words", "delighted", "dissatisfied", "suspected", "nonsense",
    )} == {
        "all": [0, 7, 10, 2],
        "words": [7],
        "delighted": [10],
        "dissatisfied": [2],
        "suspected": [0],
        "nonsense": [0, 7, 10, 2],
    }  # fmt: skip


def test_likelihoods_to_introduce_are_narrowed_by_their_numbers(owners_client, shop):
    with tenant(shop):
        nps = begin_survey(shop=shop, kind=SurveyKind.NPS, at=timezone.now())
    for score in (6, 7, 8, 9):
        answered(shop, score=score, occasion=Occasion.NPS)

    assert shown(owners_client, shop, nps, "delighted") == [9]
    assert shown(owners_client, shop, nps, "dissatisfied") == [6]
    assert "9と10" in owners_client.get(page(shop, nps, "responses/")).text


def test_the_answers_of_one_survey_are_not_those_of_the_other(owners_client, shop, survey):
    answered(shop, score=3, occasion=Occasion.NPS)

    assert shown(owners_client, shop, survey, "all") == []


def test_an_answer_is_compared_with_the_latest_thing_expected_in_time(owners_client, shop, survey):
    now = timezone.now()
    with tenant(shop):
        customer = make_customer(shop)
        purchase = make_purchase(customer, ordered_at=now - 9 * DAY, delivered_at=now - 7 * DAY)
        for days, value in ((9, 2), (8, 8), (6, 1)):
            make_touchpoint(
                customer, Kind.EXPECTATION, value=value, purchase=purchase, at=now - days * DAY
            )
    answered(shop, score=8, customer=customer, purchase=purchase)

    assert "8 → 8" in owners_client.get(page(shop, survey, "responses/")).text


@pytest.mark.parametrize("answers", [1, 3])
@pytest.mark.parametrize("show", ["all", "delighted", "words"])
def test_the_list_asks_the_database_as_often_for_many_answers_as_for_one(
    owners_client, shop, survey, answers, show, django_assert_num_queries
):
    for _ in range(answers):
        compared(shop, 5, 9)

    with django_assert_num_queries(14):
        owners_client.get(page(shop, survey, f"responses/?show={show}"))


def test_a_long_list_goes_on_by_key_and_keeps_what_it_shows(
    owners_client, shop, survey, monkeypatch
):
    monkeypatch.setattr("crm.shops.paging.page_by_key.__kwdefaults__", {
        "newest_first": True, "size": 2,
    })  # fmt: skip
    for score in (1, 2, 3):
        answered(shop, score=score)

    first = owners_client.get(page(shop, survey, "responses/?show=words"))
    after = first.context["page"].next_after

    assert f"show=words&amp;after={after}" in first.text
    second = owners_client.get(page(shop, survey, f"responses/?show=words&after={after}"))
    assert [row.score for row in second.context["page"].rows] == [1]


@pytest.mark.parametrize("after", ["x", "9" * 30, "-1", ""])
def test_what_is_no_key_begins_the_list_at_its_start(owners_client, shop, survey, after):
    answered(shop)

    response = owners_client.get(page(shop, survey, f"responses/?after={after}"))

    assert len(response.context["page"].rows) == 1


# -- what counts -------------------------------------------------------------------------------


def standing_of(response, shop):
    with tenant(shop):
        return Standing(Touchpoint.objects.get(pk=response.touchpoint_id).standing)


def test_what_was_left_out_is_shown_with_its_sign_and_counts_after_one_press(
    owners_client, owner, shop, survey, suspected
):
    answered(shop)
    page_before = owners_client.get(page(shop, survey)).text
    listed = owners_client.get(page(shop, survey, "responses/?show=suspected")).text
    judge = page(shop, survey, f"responses/{suspected.pk}/judge/")

    back = owners_client.post(judge, {"counts": "yes", "show": "suspected"})
    counted = standing_of(suspected, shop)
    owners_client.post(judge, {"counts": "no"})

    assert "機械のものらしいお答えが1件あり" in page_before
    assert listed.count("<article") == 1
    assert str(Signal.TOO_FAST.label) in listed
    assert back["Location"].endswith(f"/responses/?show=suspected#answer-{suspected.pk}")
    assert (counted, standing_of(suspected, shop)) == (Standing.COUNTS, Standing.SUSPECTED)
    with tenant(shop):
        assert Response.objects.get(pk=suspected.pk).judged_by == owner


def test_an_answer_of_another_survey_is_not_judged_here(owners_client, shop, suspected):
    with tenant(shop):
        nps = begin_survey(shop=shop, kind=SurveyKind.NPS, at=timezone.now())

    response = owners_client.post(page(shop, nps, f"responses/{suspected.pk}/judge/"))

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("role", "judges", "exports"),
    [(Role.OWNER, 302, 200), (Role.MANAGER, 302, 200), (Role.STAFF, 302, 403),
     (Role.VIEWER, 403, 403)],
)  # fmt: skip
def test_each_role_may_press_what_is_its_own(
    client, shop, survey, suspected, role, judges, exports
):
    client.force_login(make_member(shop, role))

    statuses = [
        client.get(page(shop, survey, "responses/")).status_code,
        client.post(page(shop, survey, f"responses/{suspected.pk}/judge/")).status_code,
        client.post(page(shop, survey, "responses/export/")).status_code,
    ]

    assert statuses == [200, judges, exports]


# -- the file ----------------------------------------------------------------------------------


def rows_of(client, shop, survey, query=""):
    response = client.post(page(shop, survey, f"responses/export/{query}"))
    content = b"".join(response.streaming_content).decode("utf-8")
    return list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


def test_the_file_holds_every_answer_once_with_its_question(owners_client, shop, survey):
    compared(shop, 6, 9)
    answered(shop, score=-1, words="", occasion=Occasion.PERCEIVED)
    answered(shop, score=0, signals=[Signal.TRAP])

    head, first, second, third = rows_of(owners_client, shop, survey)

    assert head[:3] == ["お答えの日時", "お客さま", "ご注文番号"]
    assert first[1] == "山口 佳代"
    assert first[4:11] == [
        "実際は、どのくらい良かったですか", "9", "9", "6", "期待を超えた", WORDS, "はい",
    ]  # fmt: skip
    assert second[5:9] == ["-1", "思っていたのと違った", "", "期待を下回った"]
    assert (third[5], third[10]) == ("0", "いいえ")


def test_the_file_speaks_the_readers_language(owners_client, shop, survey):
    answered(shop)

    head, row = rows_of(owners_client, shop, survey, "?lang=en")

    assert head[0] == "answered at"
    assert row[4] == "How good was it, now that you have it?"


def test_many_answers_go_into_the_file_batch_by_batch(owners_client, shop, survey, monkeypatch):
    monkeypatch.setattr("surveys.answer_desk.BATCH", 2)
    for score in range(5):
        answered(shop, score=score)

    assert [row[5] for row in rows_of(owners_client, shop, survey)[1:]] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_of_the_file_runs_in_a_spreadsheet(owners_client, shop, survey, formula):
    with tenant(shop):
        customer = make_customer(shop, name=formula)
    answered(shop, customer=customer, words=f"{formula}{WORDS}")

    row = rows_of(owners_client, shop, survey)[1]

    assert row[1].startswith("'")
    assert row[9].startswith("'") or not formula.strip().startswith(("=", "+", "-", "@", "＝"))


def test_somebody_erased_is_not_named_in_the_file(owners_client, shop, survey):
    with tenant(shop):
        customer = make_customer(shop, name="山口 佳代")
    answered(shop, customer=customer)
    with tenant(shop):
        type(customer).objects.update(erased_at=timezone.now())

    assert rows_of(owners_client, shop, survey)[1][1] == ""


def test_taking_the_file_along_is_written_down(owners_client, owner, shop, survey):
    rows_of(owners_client, shop, survey)

    with tenant(shop):
        entry = AuditEntry.objects.get(act=Act.LIST_EXPORTED)
        assert (entry.actor_id, entry.about) == (owner.pk, f"survey:{survey.pk}")
