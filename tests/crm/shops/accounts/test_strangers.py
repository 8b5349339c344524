"""Nothing that is said, sent or taken time for tells a stranger who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from crm.shops.models import User

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "miura@otonari.example", "nobody@otonari.example"


# Of the length of an address, and of the second of the answer.
VARYING = {"Content-Length", "Expires", "X-Request-ID"}


def seen(response, address):
    """All a browser gets, but for what differs each time: the token of a form, the address."""
    html = re.sub(r'value="\w{64}"', "", response.content.decode())
    headers = {name: value for name, value in response.headers.items() if name not in VARYING}
    return response.status_code, headers, html.replace(address, "ADDRESS")


@pytest.mark.parametrize(
    ("path", "body", "follows"),
    [
        ("/login/", {"login": "ADDRESS", "password": "not the password"}, None),
        ("/signup/", {"email": "ADDRESS", "password1": "asa no ocha 123"}, "/signup/code/"),
        ("/password/reset/", {"email": "ADDRESS"}, "/password/reset/code/"),
        ("/login/code/", {"email": "ADDRESS"}, "/login/code/confirm/"),
    ],
)
def test_a_page_says_the_same_of_who_is_known_and_who_is_not(miura, path, body, follows):
    answers = []
    for address in (KNOWN, UNKNOWN):
        client = Client()
        filled = {name: said.replace("ADDRESS", address) for name, said in body.items()}
        answers.append([seen(client.post(path, filled), address)])
        if follows:
            answers[-1].append(seen(client.get(follows), address))
            answers[-1].append(seen(client.post(follows, {"code": "WRNG-CODE"}), address))

    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("path", "field"),
    [("/signup/", "email"), ("/password/reset/", "email"), ("/login/code/", "email")],
)
def test_each_is_sent_one_mail_so_that_neither_waits_in_vain(miura, path, field):
    for address in (KNOWN, UNKNOWN):
        mail.outbox.clear()
        Client().post(path, {field: address, "password1": "asa no ocha 123"})

        assert [message.to for message in mail.outbox] == [[address]]


def test_a_password_is_hashed_once_whether_there_is_an_account_or_not(
    miura, type_password, monkeypatch
):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args)
    )

    counts = []
    for address in (KNOWN, UNKNOWN):
        hashed.clear()
        type_password(address, "not the password")
        counts.append(len(hashed))

    assert counts == [1, 1]


def test_signing_up_with_a_known_address_changes_nothing_about_the_account(miura, client):
    client.post("/signup/", {"email": KNOWN, "password1": "an attacker's password"})

    assert User.objects.get() == miura
    assert User.objects.get().check_password("correct horse battery")
    assert EmailAddress.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a\x00@b.example", "a b@c.d"]
)
def test_an_address_that_would_break_a_header_is_none(client, address):
    response = client.post("/signup/", {"email": address, "password1": "asa no ocha 123"})

    sent = [to for message in mail.outbox for to in message.to]
    assert sent in ([], ["a@b.example"])  # a browser's own line end is only cut off
    assert response.status_code in {200, 302}


@pytest.mark.parametrize("name", ["三浦\r\nBcc: x@y.example", "三浦\u2028葉子", "三浦\x85葉子"])
def test_a_name_is_written_on_one_line(miura, client, name):
    client.force_login(miura)

    response = client.post("/account/", {"name": name})

    assert response.status_code == 422
    miura.refresh_from_db()
    assert miura.name == ""
