"""The API against a stranger who reads its description and tries everything it allows, and
much that it does not: no crash, every answer as described, nothing of another shop.

Generated from the schema, so that a new address or field is tried the day it is described.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pytest_django import DjangoDbBlocker

from crm.shops.machines import pace
from crm.shops.machines.document import document
from tests.machines import Machine
from tests.routes import Furnished, neighbours

TRIES = 30  # of each operation

OPERATIONS = [(method, path) for path, methods in document()["paths"].items() for method in methods]

#: What nobody means, and somebody sends.
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**63, 10**400, -(10**30), 0.1, 1e308]),
    st.sampled_from(["", "\x00", "\ud800", "\u202e", "=1+1", "😀" * 300, "1e9999", "0001-01-01"]),
    st.text(max_size=20),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.none(), max_size=2),
)


def schema_of(ref: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ref
    while "$ref" in found:
        found = document()["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    return found


def values(ref: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a schema allows, and now and then what it does not."""
    return mostly(good(schema_of(ref)), ODD)


def mostly(usual: st.SearchStrategy[Any], seldom: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The one, and once in twenty the other."""
    return st.integers(0, 19).flatmap(lambda drawn: seldom if drawn == 19 else usual)


def good(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "oneOf" in schema or "allOf" in schema:
        return st.one_of([values(each) for each in schema.get("oneOf") or schema["allOf"]])
    match schema["type"]:
        case "object":
            return objects(schema)
        case "array":
            return st.lists(values(schema["items"]), max_size=3)
        case "integer":
            return st.integers(schema.get("minimum", -5), schema.get("maximum", 1000))
        case "boolean":
            return st.booleans()
        case "string" if schema.get("format") == "date-time":
            moments = st.datetimes().map(lambda at: f"{at.isoformat()}Z")
            return mostly(st.just("2026-05-10T12:00:00+09:00"), moments)
        case "string" if schema.get("format") == "decimal":
            return st.one_of(st.integers(0, 10**9), st.decimals(0, 10**6, places=2).map(str))
        case "string" if "pattern" in schema:
            return st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
        case "string":
            return st.text(max_size=min(schema.get("maxLength", 50), 120))
    raise AssertionError(f"No strategy for {schema}")


def objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: values(each) for name, each in schema["properties"].items()}
    if "email" in fields:
        fields["email"] = mostly(st.sampled_from(["kayo@example.com", "ＫＡＹＯ@例え.jp"]), ODD)
    required = set(schema.get("required", []))
    whole = st.fixed_dictionaries(
        {name: fields[name] for name in fields if name in required},
        optional={name: fields[name] for name in fields if name not in required},
    )
    return mostly(whole, st.fixed_dictionaries({}, optional={**fields, "id": ODD}))


@st.composite
def calls(draw: st.DrawFn, method: str, path: str, shop: Furnished) -> tuple[str, Any, str]:
    """An address with its query, a body, and an Idempotency-Key."""
    operation = document()["paths"][path][method]
    where = path.removeprefix("/api/v1/")
    for word in re.findall(r"{(\w+)}", path):
        known = st.just(str(shop.words[word]))
        odd = st.one_of(st.integers(0, 10**30).map(str), st.sampled_from(["0", "-1", "x", "%00"]))
        where = where.replace(f"{{{word}}}", draw(st.one_of(known, odd)))
    query = {
        each["name"]: draw(st.one_of(st.just(str(shop.words["customer_id"])), st.text(max_size=30)))
        for each in operation.get("parameters", [])
        if each["in"] == "query" and draw(st.booleans())
    }
    body: Any = query
    if "requestBody" in operation:
        body = draw(values(operation["requestBody"]["content"]["application/json"]["schema"]))
        body = with_ids_of(body, shop, draw)
    key = draw(mostly(st.uuids().map(str), st.sampled_from(["same", "", "é"])))
    return where, body, key


def with_ids_of(body: Any, shop: Furnished, draw: st.DrawFn) -> Any:
    """Ids that exist, most of the time: else every call would end at the first question."""
    if isinstance(body, dict):
        for name, word in (("customer", "customer_id"), ("purchase", "purchase_id")):
            if isinstance(body.get(name), int) and draw(st.integers(0, 3)):
                body[name] = shop.words[word]
    return body


@pytest.fixture(scope="module", autouse=True)
def shops(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Furnished, Furnished]]:
    with django_db_blocker.unblock(), neighbours() as shops:
        yield shops


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "BURST", timedelta(days=1))


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    method: str, path: str, shops: tuple[Furnished, Furnished]
) -> None:
    ours, theirs = shops
    machine = Machine(ours.shop)
    described = document()["paths"][path][method]["responses"]
    seen: set[int] = set()

    @settings(
        max_examples=TRIES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(call=calls(method, path, ours))
    def ask(call: tuple[str, Any, str]) -> None:
        where, body, key = call
        answer = (
            machine.tell(where, body, key=key) if method == "post" else machine.get(where, **body)
        )
        assert answer.status_code < 500, (call, answer.content)
        if answer.status_code == 404 and "{" in path:
            return  # an id that is none is no address at all
        media_type = answer.headers["Content-Type"].partition(";")[0]
        schema = described[str(answer.status_code)]["content"][media_type]["schema"]
        whole = {**schema, "components": document()["components"]}  # which its refs point into
        Draft202012Validator(whole).validate(answer.json())
        assert theirs.shop.slug.encode() not in answer.content
        seen.add(answer.status_code)

    ask()

    assert seen & {200, 201}, f"nothing was ever taken in: {seen}"
