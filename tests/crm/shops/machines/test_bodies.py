"""What is refused before anybody believes it, with words that help to mend it."""

import json

import pytest

from crm.customers.models import Customer
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from tests.machines import Machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(shop: Shop) -> Machine:
    return Machine(shop)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b'{"external_id": "1"',
        b'{"external_id": "1", "external_id": "2"}',
        b'{"external_id": "1", "name": "a\\u0000b"}',
        b'{"external_id": "1", "name": "\\ud800"}',
        b'{"external_id": "1", "name": "\xff"}',
        '{"external_id": "1"}'.encode("utf-16"),
        b'{"external_id": NaN}',
        b'{"external_id": ' + b"9" * 5000 + b"}",
        b'{"external_id": ' + b"[" * 100_000,
        b'{"external_id": ["\\u0000"]}',
    ],
    ids=range(14),
)
def test_what_is_no_object_that_can_be_stored_is_refused(machine: Machine, body: bytes) -> None:
    answer = machine.tell("customers/", body)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"parse_error", "invalid"}


@pytest.mark.parametrize("more", [{"id": 1}, {"shop": 2}, {"shop_id": 2}, {"erased_at": None}])
def test_a_name_that_is_not_asked_for_is_refused(
    shop: Shop, machine: Machine, more: dict[str, object]
) -> None:
    answer = machine.tell("customers/", {"external_id": "1", **more})

    (mistake,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert mistake["field"] == next(iter(more))
    with tenant(shop):
        assert not Customer.objects.exists()


def test_a_mistake_deep_inside_is_named_by_its_place(machine: Machine) -> None:
    answer = machine.tell(
        "purchases/",
        {
            "external_id": "A-1",
            "customer": {"name": "佳代"},
            "ordered_at": "2026-13-01",
            "total": -1,
            "lines": [{"product": "茶"}, {"quantity": 1}],
        },
    )

    places = {mistake["field"] for mistake in answer.json()["errors"]}
    assert places == {
        "customer.non_field_errors", "ordered_at", "total", "lines.1.product",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json"]
)
def test_a_body_must_say_that_it_is_json(machine: Machine, content_type: str) -> None:
    answer = machine.tell("customers/", json.dumps({"external_id": "1"}), content_type=content_type)

    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


def test_a_body_beyond_any_we_expect_is_refused_by_its_length(machine: Machine) -> None:
    answer = machine.tell("customers/", {"external_id": "1", "name": "あ" * 300_000})

    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
