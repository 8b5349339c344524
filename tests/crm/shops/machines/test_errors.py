"""Whatever goes wrong, a machine reads problem details (RFC 9457)."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from crm.customers import api
from crm.shops.models import Shop
from tests.machines import Machine

pytestmark = pytest.mark.django_db


def as_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["code"]
    return problem


def test_without_a_key_it_says_which_is_wanted(client: Client) -> None:
    answer = client.get("/api/v1/customers/")

    assert as_problem(answer, 401)["code"] == "not_authenticated"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["nothing/", "customers/0/", "customers/9999999999999999999999/"])
def test_what_is_not_there_is_a_problem_too(shop: Shop, path: str) -> None:
    as_problem(Machine(shop).get(path), 404)


def test_a_method_nobody_offers_is_named(shop: Shop, client: Client) -> None:
    machine = Machine(shop)

    assert as_problem(machine.tell("stages/", {}), 405)["code"] == "method_not_allowed"


def test_a_crash_says_so_and_nothing_of_itself(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: Any, **kwargs: Any) -> Any:
        raise ValueError("山口 佳代 kayo@example.com")

    monkeypatch.setattr(api, "take_in_customers", crash)

    problem = as_problem(Machine(shop).tell("customers/", {"external_id": "1"}), 500)

    assert "kayo" not in str(problem)


def test_while_the_database_is_away_it_says_when_to_come_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(api, "take_in_customers", away)

    answer = Machine(shop).tell("customers/", {"external_id": "1"})

    as_problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"


def test_a_key_sent_over_plain_http_is_refused_and_not_led_on(shop: Shop, settings: Any) -> None:
    machine = Machine(shop)
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/"]

    assert "replace this key" in as_problem(machine.get("customers/"), 403)["detail"]
