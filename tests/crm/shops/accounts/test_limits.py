"""Who guesses is slowed down; whose account is guessed at gets in all the same."""

import pytest
from django.core import mail
from django.test import Client

from tests.crm.shops.accounts.conftest import PASSWORD, code_in_mail
from tests.factories import make_user

pytestmark = pytest.mark.django_db

GUESSES = 50


def guess(client, address="miura@otonari.example", **kwargs):
    return client.post("/login/", {"login": address, "password": "a guess"}, **kwargs)


def from_place(number):
    """Headers and environment of a client at an address of its own."""
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def test_an_account_takes_five_guesses_and_then_not_even_the_right_password(miura):
    for number in range(5):
        guess(from_place(number))

    right = from_place(9).post("/login/", {"login": miura.email, "password": PASSWORD})

    assert right.status_code == 200
    assert "5分" in right.content.decode() or "five minutes" in right.content.decode()


def test_whose_account_is_guessed_at_is_told_once_and_comes_in_by_mail(miura, client):
    for number in range(8):
        guess(from_place(number))

    assert [message.to for message in mail.outbox] == [[miura.email]]
    client.post("/login/code/", {"email": miura.email})
    client.post("/login/code/confirm/", {"code": code_in_mail()})
    assert client.get("/account/").status_code == 200


def test_guesses_at_one_account_do_not_lock_another(miura):
    other = make_user("other@otonari.example")
    for number in range(8):
        guess(from_place(number))

    from_place(9).post("/login/", {"login": other.email, "password": PASSWORD})
    response = from_place(9).post("/login/", {"login": other.email, "password": PASSWORD})

    assert response.status_code == 302


def test_fifty_guesses_from_one_place_are_refused_and_told_when_to_come_again(client):
    answers = [guess(client, f"user{number}@example.com") for number in range(GUESSES)]

    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"
    assert "429" not in answers[-1].content.decode(), "words, no number"


def test_who_writes_another_address_into_a_header_is_counted_all_the_same(client):
    answers = [
        guess(client, f"u{number}@example.com", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(GUESSES)
    ]

    assert answers[-1].status_code == 429


def test_behind_a_proxy_of_ours_only_what_it_wrote_counts(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    answers = [
        guess(
            client,
            f"u{number}@example.com",
            headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"},
        )
        for number in range(GUESSES)
    ]
    another = guess(client, "x@example.com", headers={"X-Forwarded-For": "203.0.113.8"})

    assert answers[-1].status_code == 429
    assert another.status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/password/reset/", {"email": "miura@otonari.example"}),
        ("/login/code/", {"email": "miura@otonari.example"}),
    ],
)
def test_nobody_is_flooded_with_codes(miura, path, body):
    for number in range(20):
        from_place(number).post(path, body)

    assert len(mail.outbox) <= 5


def test_codes_cannot_be_guessed(miura, client):
    client.post("/password/reset/", {"email": miura.email})
    code = code_in_mail()

    for _ in range(3):
        client.post("/password/reset/code/", {"code": "WRNG-CODE"})
    response = client.post("/password/reset/code/", {"code": code})

    assert response.headers["Location"] == "/login/"
