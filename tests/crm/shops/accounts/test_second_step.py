from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.test import Client

from crm.shops.accounts.sealing import seal, unseal
from tests.crm.shops.accounts.conftest import PASSWORD, code_in_mail
from tests.factories import sign_in

pytestmark = pytest.mark.django_db

# allauth says what was done only after the commit, and a new session key follows: where that
# matters the commit must be a real one, which takes longer.
with_real_commits = pytest.mark.django_db(transaction=True)

STEP = 30
NOW = 1_795_000_000 // STEP * STEP  # the beginning of a step


@pytest.fixture
def clock(monkeypatch):
    """The app's and the server's clock, moved by hand."""
    now = [float(NOW)]
    clock = SimpleNamespace(time=lambda: now[0])
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", clock)
    return now


@pytest.fixture
def app(miura, client, clock, django_capture_on_commit_callbacks):
    """An app that was set up: gives the digits of the step so many away from now."""
    sign_in(client, miura)
    secret = client.get("/account/second/app/").context["form"].secret

    def digits(steps=0):
        return format_hotp_value(hotp_value(secret, int(clock[0]) // STEP + steps))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/second/app/", {"code": digits()})
    assert response.headers["Location"] == "/account/second/codes/"
    return digits


def begin(login="miura@otonari.example", password=PASSWORD):
    """A browser that has typed the password."""
    client = Client()
    response = client.post("/login/", {"login": login, "password": password})
    assert response.headers["Location"] == "/login/second/"
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def test_the_password_alone_no_longer_lets_in(app, clock):
    clock[0] += STEP
    client = begin()
    assert not is_in(client)

    client.post("/login/second/", {"code": app()})

    assert is_in(client)


def test_digits_let_in_once_however_long_they_are_good_for(app, clock):
    clock[0] += STEP
    begin().post("/login/second/", {"code": app()})
    cache.clear()
    clock[0] += STEP

    again = begin()
    again.post("/login/second/", {"code": app(-1)})

    assert not is_in(again)


def test_the_digits_that_set_the_app_up_are_used(app):
    client = begin()

    client.post("/login/second/", {"code": app()})

    assert not is_in(client)


@pytest.mark.parametrize(("steps", "comes_in"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(app, clock, steps, comes_in):
    clock[0] += 10 * STEP
    client = begin()

    client.post("/login/second/", {"code": app(steps)})

    assert is_in(client) is comes_in


def test_a_new_password_does_not_go_around_the_second_step(app, miura):
    client = Client()
    client.post("/password/reset/", {"email": miura.email})
    client.post("/password/reset/code/", {"code": code_in_mail()})
    client.post("/password/reset/choose/", {"password1": "asa no ocha 123"})

    assert not is_in(begin(password="asa no ocha 123"))


def test_a_code_by_mail_does_not_go_around_the_second_step(app, miura):
    client = Client()
    client.post("/login/code/", {"email": miura.email})
    response = client.post("/login/code/confirm/", {"code": code_in_mail()})

    assert response.headers["Location"] == "/login/second/"
    assert not is_in(client)


@with_real_commits
def test_spare_codes_are_shown_once_and_let_in_once(app, client):
    shown = client.get("/account/second/codes/").context["unused_codes"]
    hidden = client.get("/account/second/codes/").context["unused_codes"]

    first, second = begin(), begin()
    first.post("/login/second/", {"code": shown[0]})
    second.post("/login/second/", {"code": shown[0]})

    assert len(shown) == 10
    assert set(hidden) == {"****"}
    assert is_in(first)
    assert not is_in(second)


def test_no_secret_lies_readable_in_the_database(app):
    kept = Authenticator.objects.filter(type__in=["totp", "recovery_codes"])
    secrets = [row.data.get("secret") or row.data["seed"] for row in kept]

    assert len(secrets) == 2
    for secret in secrets:
        assert secret != unseal(secret)


def test_what_was_sealed_under_a_key_before_is_still_read(settings):
    sealed = seal("tea")

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert unseal(sealed) == "tea"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        unseal(sealed)


@pytest.mark.parametrize(
    "path",
    ["/account/second/app/", "/account/second/app/remove/", "/account/second/codes/new/",
     "/account/second/passkeys/new/"],
)  # fmt: skip
def test_changing_the_second_step_asks_who_it_is_first(app, client, path, miura):
    other = Client()
    other.force_login(miura)

    assert other.get(path).headers["Location"].startswith("/account/again/?next=")


@with_real_commits
def test_a_new_power_comes_with_a_new_session_key(miura, client, clock):
    sign_in(client, miura)
    before = client.session.session_key
    secret = client.get("/account/second/app/").context["form"].secret

    client.post(
        "/account/second/app/", {"code": format_hotp_value(hotp_value(secret, NOW // STEP))}
    )

    assert client.session.session_key != before
    assert is_in(client)


@with_real_commits
def test_the_page_of_ones_second_step_tells_what_there_is(app, client):
    html = client.get("/account/second/").content.decode()

    assert "/account/second/app/remove/" in html
    assert "10" in html


def test_the_digits_cannot_be_guessed(app, clock):
    clock[0] += 10 * STEP
    client = begin()
    for number in range(10):
        client.post("/login/second/", {"code": f"{number:06}"})

    client.post("/login/second/", {"code": app()})

    assert not is_in(client)
