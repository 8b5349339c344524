"""How often a key may ask."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from crm.shops.machines import pace
from crm.shops.machines.models import ApiPace
from crm.shops.machines.pace import wait_of
from crm.shops.models import ApiKey, Shop
from tests.machines import Machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(shop: Shop) -> ApiKey:
    return Machine(shop).row


@pytest.fixture(autouse=True)
def ten_calls_and_then_one_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that none comes back while a test runs."""
    monkeypatch.setattr(pace, "A_CALL", timedelta(hours=1))
    monkeypatch.setattr(pace, "BURST", timedelta(hours=10))


@pytest.mark.django_db(transaction=True)
def test_of_sixty_calls_at_once_ten_get_through(key: ApiKey) -> None:
    barrier = threading.Barrier(60)

    def call(_: int) -> bool:
        try:
            barrier.wait()
            return wait_of(key) is None
        finally:
            connection.close()

    with ThreadPoolExecutor(60) as pool:
        let_through = sum(pool.map(call, range(60)))

    assert let_through == 10


def test_who_must_wait_is_told_how_long_and_loses_nothing(key: ApiKey) -> None:
    for _ in range(10):
        assert wait_of(key) is None
    whole_at = ApiPace.objects.get().whole_at

    wait = wait_of(key)

    assert wait is not None
    assert timedelta() < wait <= timedelta(hours=1)
    assert ApiPace.objects.get().whole_at == whole_at


def test_an_hour_later_one_more_gets_through(key: ApiKey) -> None:
    for _ in range(10):
        wait_of(key)
    pace_of_key = ApiPace.objects.get()
    pace_of_key.whole_at -= timedelta(hours=1)
    pace_of_key.save()

    assert wait_of(key) is None
    assert wait_of(key) is not None


def test_keys_do_not_slow_each_other(key: ApiKey, shop: Shop) -> None:
    for _ in range(11):
        wait_of(key)

    assert wait_of(Machine(shop).row) is None


def test_too_many_calls_are_answered_with_when_to_come_back(shop: Shop) -> None:
    machine = Machine(shop)
    for _ in range(10):
        assert machine.get("customers/").status_code == 200

    answer = machine.get("customers/")

    assert answer.status_code == 429
    assert answer.json()["code"] == "throttled"
    assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
