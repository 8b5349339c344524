"""A POST sent again is answered again, and done once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crm.customers.erasing import erase
from crm.customers.models import Customer
from crm.shops.machines.models import ApiReply
from crm.shops.machines.once import forget_replies
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from tests.machines import Machine

pytestmark = pytest.mark.django_db

KAYO = {"external_id": "1042", "name": "山口 佳代", "email": "kayo@example.com"}


@pytest.fixture
def machine(shop: Shop) -> Machine:
    return Machine(shop)


def customers(shop: Shop) -> int:
    with tenant(shop):
        return Customer.objects.filter(shop=shop).count()


def test_the_same_again_is_answered_with_the_same(shop: Shop, machine: Machine) -> None:
    first = machine.tell("customers/", KAYO, key="a")
    again = machine.tell("customers/", KAYO, key="a")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert customers(shop) == 1


def test_another_request_with_the_same_key_is_refused(shop: Shop, machine: Machine) -> None:
    machine.tell("customers/", KAYO, key="a")

    for path, body in (("customers/", {"external_id": "7"}), ("purchases/", KAYO)):
        answer = machine.tell(path, body, key="a")
        assert answer.status_code == 422
        assert answer.json()["code"] == "idempotency_key_reused"
    assert customers(shop) == 1


def test_a_key_is_the_shops_own(shop: Shop, other_shop: Shop, machine: Machine) -> None:
    machine.tell("customers/", KAYO, key="a")

    assert Machine(other_shop).tell("customers/", KAYO, key="a").status_code == 201
    assert customers(other_shop) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_without_a_key_nothing_is_done(shop: Shop, machine: Machine, key: str) -> None:
    answer = machine.tell("customers/", KAYO, key=key)

    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key_missing"
    assert customers(shop) == 0


def test_what_was_refused_may_be_mended_under_the_same_key(machine: Machine) -> None:
    assert machine.tell("customers/", {"name": "佳代"}, key="a").status_code == 400

    assert machine.tell("customers/", KAYO, key="a").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_done_once_and_none_is_told_otherwise(shop: Shop) -> None:
    machine, barrier = Machine(shop), threading.Barrier(20)

    def tell(_: int) -> Any:
        try:
            barrier.wait()
            return machine.tell("customers/", KAYO, key="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(tell, range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert 201 in {answer.status_code for answer in answers}
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "in_flight"
            assert answer.headers["Retry-After"] == "1"
    assert customers(shop) == 1
    assert machine.tell("customers/", KAYO, key="a").status_code == 201


def test_an_answer_is_forgotten_after_a_day(shop: Shop, machine: Machine) -> None:
    machine.tell("customers/", KAYO, key="a")
    with tenant(shop):
        forget_replies(shop_id=shop.pk, before=timezone.now() - timedelta(days=1))
        assert ApiReply.objects.exists()

        forget_replies(shop_id=shop.pk, before=timezone.now() + timedelta(days=1))
        assert not ApiReply.objects.exists()

    assert machine.tell("customers/", KAYO, key="a").status_code == 200
    assert customers(shop) == 1


def test_answers_go_when_somebody_is_erased(shop: Shop, machine: Machine) -> None:
    machine.tell("customers/", KAYO, key="a")
    with tenant(shop):
        erase(customer=Customer.objects.get(), at=timezone.now(), by=None)

        assert not ApiReply.objects.exists()
    assert machine.tell("customers/", KAYO, key="a").json()["code"] == "erased"
