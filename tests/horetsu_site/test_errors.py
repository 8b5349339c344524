"""Whatever goes wrong, somebody reads what happened, and what they typed is not lost."""

import re
from html import unescape

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests.surveys.visits import WORDS, form, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    """A browser that is shown the page of an error, not the exception."""
    return Client(raise_request_exception=False)


def failing(error):
    def fail(**kwargs):
        raise error

    return fail


def test_while_the_database_is_away_the_words_stay_on_the_page_ready_to_be_sent(
    visitor, shop, monkeypatch
):
    invitation, path = invite(shop)
    sent = form(invitation, "9", WORDS)
    with monkeypatch.context() as patch:
        patch.setattr("surveys.views.record_answer", failing(OperationalError("away")))
        away = visitor.post(path, sent)

    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', away.text))
    again["words"] = re.search(r"<textarea[^>]*>\n(.*)</textarea>", away.text)[1]
    back = visitor.post(path, {name: unescape(value) for name, value in again.items()})

    assert (away.status_code, away["Retry-After"], away["Content-Language"]) == (503, "5", "ja")
    assert "もう一度お送りください" in away.text
    assert {name: unescape(value) for name, value in again.items()} == sent
    assert back.status_code == 303


def test_a_form_against_forgery_can_be_sent_again_as_well(owner, shop, monkeypatch):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(owner)
    path = f"/shops/{shop.slug}/surveys/"
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', strict.get(path).text)[1]
    with monkeypatch.context() as patch:
        patch.setattr("surveys.desk.prepare_survey", failing(OperationalError("away")))
        away = strict.post(f"{path}new/", {"kind": "order", "csrfmiddlewaretoken": token})

    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', away.text))

    assert away.status_code == 503
    assert strict.post(f"{path}new/", again).status_code == 302


def test_a_fault_of_ours_is_said_to_be_ours(visitor, shop, monkeypatch):
    invitation, path = invite(shop)
    monkeypatch.setattr("surveys.views.record_answer", failing(ZeroDivisionError("secret")))

    response = visitor.post(path, form(invitation))

    assert response.status_code == 500
    assert "こちらの不具合で、表示できませんでした" in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "お探しのページは見つかりませんでした"), ("en", "There is nothing at this address")],
)
def test_an_unknown_address_is_answered_in_the_readers_language(client, language, said):
    response = client.get("/nothing/here/", headers={"Accept-Language": language})

    assert response.status_code == 404
    assert said in response.text


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "500", "503"])
def test_every_page_of_an_error_stands_without_any_context(name):
    with translation.override("en"):
        page = render_to_string(f"{name}.html")

    assert "<h1>" in page
    assert page.startswith("<!doctype html>")


def test_a_password_is_never_given_back(client, monkeypatch):
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr("allauth.account.adapter.authenticate", away)
    client.raise_request_exception = False

    response = client.post(
        "/login/", {"login": "a@example.com", "password": "my very long secret passphrase"}
    )

    assert response.status_code == 503
    assert "a@example.com" in response.content.decode()
    assert "secret" not in response.content.decode()
