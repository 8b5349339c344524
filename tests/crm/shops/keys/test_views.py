from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIRequestFactory

from crm.shops.api import ByScope
from crm.shops.enums import Role, Scope
from crm.shops.models import ApiKey, ApiKeyUse, AuditEntry
from crm.shops.services import issue_api_key
from crm.tenancy.door import tenant
from tests.factories import make_member, sign_in

pytestmark = pytest.mark.django_db

KEYS = "/shops/otonari/settings/keys/"


@pytest.fixture
def at_desk(client, owner, shop):
    sign_in(client, owner)
    return client


def ask(key):
    return Client().get("/api/v1/customers/", headers={"Authorization": f"Bearer {key}"})


def test_a_key_is_shown_once_and_opens_the_api(at_desk, shop):
    made = at_desk.post(f"{KEYS}new/", {"name": "kintone", "scope": "read"})
    key = made.context["key"]

    assert key in made.content.decode()
    assert made.headers["Cache-Control"] == "private, no-store"
    assert ask(key).status_code == 200
    later = at_desk.get(KEYS).content.decode()
    assert key not in later
    assert "kintone" in later
    row = ApiKey.objects.get()
    assert (row.scope, row.sha256) == (Scope.READ, ApiKey.digest(key))


def test_a_revoked_key_opens_nothing(at_desk, shop):
    row, key = issue_api_key(shop=shop, name="kintone")

    at_desk.post(f"{KEYS}{row.pk}/revoke/")

    assert ask(key).status_code == 401
    with tenant(shop):
        assert [entry.act for entry in AuditEntry.objects.all()] == ["key.revoked"]
    assert at_desk.get(f"{KEYS}{row.pk}/revoke/").status_code == 404


def test_it_is_seen_when_a_key_was_last_used_to_the_hour(shop):
    row, key = issue_api_key(shop=shop, name="kintone")
    assert not ApiKeyUse.objects.exists()

    ask(key)
    first = ApiKeyUse.objects.get(key=row).at
    ask(key)
    assert ApiKeyUse.objects.get(key=row).at == first
    ApiKeyUse.objects.update(at=first - timedelta(hours=2))
    ask(key)

    assert ApiKeyUse.objects.get(key=row).at > first - timedelta(hours=2)


@pytest.mark.parametrize(
    ("scope", "method", "may"),
    [
        (Scope.READ, "get", True),
        (Scope.READ, "head", True),
        (Scope.READ, "post", False),
        (Scope.READ, "delete", False),
        (Scope.WRITE, "get", True),
        (Scope.WRITE, "post", True),
    ],
)
def test_a_key_for_reading_changes_nothing(scope, method, may):
    request = getattr(APIRequestFactory(), method)("/api/v1/customers/")
    request.api_key = ApiKey(scope=scope)
    request._request = request

    assert ByScope().has_permission(request, view=None) is may


@pytest.mark.parametrize(
    "body",
    [{"name": "", "scope": "read"}, {"name": "k", "scope": "all"}, {"name": "k" * 101},
     {"name": "k\x00", "scope": "read"}],
)  # fmt: skip
def test_no_key_without_a_name_or_of_an_unknown_kind(at_desk, body):
    assert at_desk.post(f"{KEYS}new/", body).status_code == 422
    assert not ApiKey.objects.exists()


def test_making_and_revoking_ask_first_who_it_is(client, owner, shop):
    row, _key = issue_api_key(shop=shop, name="kintone")
    client.force_login(owner)

    for path in (f"{KEYS}new/", f"{KEYS}{row.pk}/revoke/"):
        assert client.post(path, {"name": "k", "scope": "write"}).status_code == 302
    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.VIEWER])
def test_only_an_owner_revokes(role, shop, client):
    row, key = issue_api_key(shop=shop, name="kintone")
    sign_in(client, make_member(shop, role))

    assert client.post(f"{KEYS}{row.pk}/revoke/").status_code == 403
    assert ask(key).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_few_questions_however_long(
    number, at_desk, shop, django_assert_num_queries
):
    for _ in range(number):
        _row, key = issue_api_key(shop=shop, name="kintone")
        ask(key)
    at_desk.get(KEYS)

    with django_assert_num_queries(8):
        at_desk.get(KEYS)
