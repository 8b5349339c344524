"""The shop that runs the quiz: how many, where they stopped, who wrote an address."""

import csv
import io

import pytest
from django.test import Client

from crm.shops.enums import Role
from crm.shops.models import AuditEntry
from crm.tenancy.door import tenant
from diagnosis.models import Attempt
from diagnosis.selectors import attempt_by_token
from diagnosis.services import answer
from diagnosis.takers import overview
from tests.diagnosis.sheets import begun, finished, lead_of, open_version_of
from tests.factories import NOON, make_member

pytestmark = pytest.mark.django_db

HOME = "/shops/otonari/diagnosis/"


@pytest.fixture
def version(shop):
    with tenant(shop):
        return open_version_of(shop, "stage")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_before_it_is_opened_the_page_says_what_it_is_for(shop, owner):
    page = signed_in(owner).get(HOME)

    assert "診断を公開する" in page.content.decode()


def test_one_press_opens_it_at_the_shops_own_address_and_one_closes_it(shop, owner):
    client = signed_in(owner)

    client.post(f"{HOME}switch/", {"to": "open"})
    assert Client().get("/d/otonari/").status_code == 200
    assert Client().post("/d/otonari/").status_code == 303

    client.post(f"{HOME}switch/", {"to": "closed"})
    assert Client().post("/d/otonari/").status_code == 200


def test_it_counts_who_began_who_finished_and_before_which_question_they_stopped(shop, version):
    with tenant(shop):
        finished(version)
        begun(version)
        attempt = attempt_by_token(shop.pk, "stage", begun(version))
        first, second = version.content.questions[:2]
        for question in (first, second):
            chosen = [question.options[1].id]
            answer(attempt=attempt, question=question, chosen=chosen, now=NOON)

        seen = overview(version.quiz)

    assert (seen.begun, seen.finished) == (3, 1)
    assert sum(n for _stage, n in seen.by_stage) == 1
    assert [tally.stopped for tally in seen.tallies[:4]] == [1, 0, 1, 0]
    assert seen.tallies[0].answered == 2
    assert [n for _option, n in seen.tallies[0].options][:3] == [1, 1, 0]


@pytest.mark.parametrize("takers", [1, 3])
def test_the_page_asks_the_database_no_more_often_for_more_takers(
    shop, owner, version, takers, django_assert_max_num_queries
):
    with tenant(shop):
        for n in range(takers):
            lead_of(finished(version), f"{n}@example.com")
    client = signed_in(owner)

    with django_assert_max_num_queries(16):
        client.get(HOME)


def test_addresses_leave_as_a_file_only_with_a_note_of_who_took_them(shop, owner, version):
    with tenant(shop):
        lead_of(finished(version), "a@example.com")

    rows = rows_of(signed_in(owner).post(f"{HOME}leads.csv"))

    assert [row[1] for row in rows[1:]] == ["a@example.com"]
    with tenant(shop):
        assert AuditEntry.objects.filter(shop=shop, about="leads").count() == 1


def test_answer_sheets_leave_without_anything_that_says_whose_they_are(shop, owner, version):
    with tenant(shop):
        lead_of(finished(version), "a@example.com")
        begun(version)

    response = signed_in(owner).get(f"{HOME}takers.csv")

    assert b"example.com" not in response.content
    head, *sheets = rows_of(response)
    assert len(head) == 3 + 24
    assert len(sheets) == 1
    with tenant(shop):
        token = Attempt.objects.filter(shop=shop).latest("pk").token_sha256
    assert token.encode() not in response.content


def test_a_viewer_is_offered_nothing_to_press(shop, version):
    page = signed_in(make_member(shop, Role.VIEWER)).get(HOME).content.decode()

    assert "switch/" not in page
    assert "leads.csv" not in page
