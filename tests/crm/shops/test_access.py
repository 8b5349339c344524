import pytest
from django.test import Client
from django.urls import reverse

from crm.shops.access import MAY
from crm.shops.enums import Action, Role
from tests.factories import sign_in
from tests.routes import PATTERNS

pytestmark = pytest.mark.django_db

INVITE = "/shops/otonari/settings/people/invite/"


def test_the_matrix_of_roles_and_actions():
    """Here as well, so that nobody is let in by a slip of the pen in one place."""
    assert {role: {action.value for action in may} for role, may in MAY.items()} == {
        Role.OWNER: {action.value for action in Action},
        Role.MANAGER: {"read", "work", "set_up", "import", "export", "erase"},
        Role.STAFF: {"read", "work"},
        Role.VIEWER: {"read"},
    }


def test_a_grave_page_asks_who_it_is_and_comes_back(shop, owner, client):
    client.force_login(owner)
    asked = client.get(INVITE)
    assert asked.headers["Location"] == f"/account/again/?next={INVITE.replace('/', '%2F')}"

    wrong = client.post(asked.headers["Location"], {"password": "a guess"})
    right = client.post(asked.headers["Location"], {"password": "correct horse battery"})

    assert wrong.status_code == 200
    assert right.headers["Location"] == INVITE
    assert client.get(INVITE).status_code == 200


def test_who_signed_in_just_now_is_not_asked(shop, owner, client):
    client.post("/login/", {"login": owner.email, "password": "correct horse battery"})

    assert client.get(INVITE).status_code == 200


def test_after_ten_minutes_they_are(shop, owner, client):
    sign_in(client, owner)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 601
    session.save()

    assert client.get(INVITE).status_code == 302


def test_somebody_elses_proof_is_none(shop, owner, client):
    sign_in(client, owner)
    session = client.session
    session["account_authentication_methods_user"] = "999"
    session.save()

    assert client.get(INVITE).status_code == 302


def test_who_has_not_signed_in_gets_no_further_than_the_open_doors(settings):
    closed = {
        name: pattern.pattern
        for name, pattern in PATTERNS.items()
        if str(pattern.pattern).split("/")[0] not in settings.OPEN_DOORS
    }

    assert {"account", "mfa_index", "usersessions_list", "new_shop", "today"} <= set(closed)
    for name, pattern in closed.items():
        words = dict.fromkeys(pattern.converters, 1)
        for method in ("get", "post"):
            response = getattr(Client(), method)(reverse(name, kwargs=words))

            assert response.status_code == 302, (name, method)
            assert response.headers["Location"].startswith("/login/?next="), name
