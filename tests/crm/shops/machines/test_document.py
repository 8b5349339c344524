"""The description of the API: valid, whole, and with an example of everything."""

from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from rest_framework.views import APIView

from crm.shops.machines.document import document
from tests.routes import url_patterns


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid_openapi_made_without_a_guess() -> None:
    document.cache_clear()
    GENERATOR_STATS.reset()

    made = document()

    validate_schema(made)
    assert made["openapi"].startswith("3.1")
    assert not GENERATOR_STATS


def test_every_address_of_the_api_is_described() -> None:
    served = {
        f"{method} /{pattern.pattern}".replace("<int:", "{").replace(">", "}")
        for pattern in url_patterns()
        if (view := getattr(pattern.callback, "cls", None)) and issubclass(view, APIView)
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(view, method)
    }

    assert served == {name for name, _operation in operations()}


@pytest.mark.parametrize(("name", "operation"), operations(), ids=lambda it: str(it)[:40])
def test_every_operation_says_what_it_does_and_shows_it(
    name: str, operation: dict[str, Any]
) -> None:
    answers = operation["responses"]
    good = [answer for status, answer in answers.items() if status.startswith("2")]

    assert operation["description"]
    assert {"401", "403", "429"} <= answers.keys()
    assert all(answer["content"]["application/json"]["examples"] for answer in good)
    if name.startswith("post"):
        assert operation["requestBody"]["content"]["application/json"]["examples"]
        assert "Idempotency-Key" in {it["name"] for it in operation["parameters"]}


def test_it_is_served_as_yaml_and_as_json_to_anybody(client: Client, db: None) -> None:
    as_yaml = client.get("/api/v1/schema/")
    as_json = client.get("/api/v1/schema/", headers={"Accept": "application/json"})

    assert yaml.safe_load(as_yaml.content) == as_json.json()
    assert as_yaml.headers["Content-Type"].startswith("application/vnd.oai.openapi")
