"""People who sign up and in as anybody does: by the pages, with the mails they are sent."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from crm.shops.models import User
from tests.factories import make_user

PASSWORD = "correct horse battery"


def code_in_mail() -> str:
    """The code of the latest mail."""
    found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[0]


@pytest.fixture
def miura(db: None) -> User:
    """Somebody with an account and a password."""
    return make_user("miura@otonari.example", PASSWORD)


@pytest.fixture
def type_password(client: Client) -> Callable[..., object]:
    """Send the form of the sign-in page."""

    def type_password(login="miura@otonari.example", password=PASSWORD, **kwargs):
        return client.post("/login/", {"login": login, "password": password}, **kwargs)

    return type_password
