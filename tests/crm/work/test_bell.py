import socket
import threading
from types import SimpleNamespace

import pytest
from celery import Celery
from django.db import transaction

from crm.work import bell
from crm.work.services import mark, mark_many

two_connections = pytest.mark.django_db(transaction=True)


class Broken:
    """A broker that refuses; counts how often it was tried."""

    def __init__(self):
        self.tries = 0

    def send_task(self, name, args):
        self.tries += 1
        raise ConnectionRefusedError


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(bell, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def celery_at(port):
    """Celery under our own settings, at a broker of the test's."""
    app = Celery("test", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    return app


def test_ringing_tells_the_workers_the_kind(broker):
    assert bell.ring("chore")
    assert broker.rung == ["chore"]


def test_a_broker_away_is_answered_by_silence_for_half_a_minute(monkeypatch, clock):
    broken = Broken()
    monkeypatch.setattr(bell, "current_app", broken)

    answers = [bell.ring("chore") for _ in range(3)]
    clock.now += bell.SILENT_FOR - 1
    bell.ring("chore")
    tries_before = broken.tries
    clock.now += 1
    bell.ring("chore")

    assert answers == [False, False, False]
    assert (tries_before, broken.tries) == (1, 2)


def test_a_broker_that_is_back_is_rung_again(monkeypatch, clock, broker):
    with monkeypatch.context() as away:
        away.setattr(bell, "current_app", Broken())
        bell.ring("chore")

    clock.now += bell.SILENT_FOR

    assert bell.ring("chore")
    assert broker.rung == ["chore"]


def test_a_refusing_port_does_not_raise(monkeypatch):
    with socket.socket() as taken:  # bound and not listening: nothing answers there
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setattr(bell, "current_app", celery_at(taken.getsockname()[1]))

        assert not bell.ring("chore")


def test_a_frozen_broker_is_given_up(monkeypatch):
    """It accepts and never answers; by default Celery would wait for ever."""
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen()
        monkeypatch.setattr(bell, "current_app", celery_at(frozen.getsockname()[1]))
        answers = []
        ringing = threading.Thread(target=lambda: answers.append(bell.ring("chore")), daemon=True)

        ringing.start()
        ringing.join(20)

        assert answers == [False]


@two_connections
def test_the_bell_rings_once_per_kind_after_the_commit(shop, broker):
    with transaction.atomic():
        mark("chore:1", shop_id=shop.pk)
        mark_many("chore", [2, 3], shop_id=shop.pk)
        mark("review:1", shop_id=shop.pk)
        rung_before = list(broker.rung)

    assert rung_before == []
    assert broker.rung == ["chore", "review"]


@two_connections
def test_a_rolled_back_wish_does_not_ring(shop, broker):
    with transaction.atomic():
        mark("chore:1", shop_id=shop.pk)
        transaction.set_rollback(True)

    assert broker.rung == []


@two_connections
def test_a_wish_after_an_undone_one_still_rings(shop, broker):
    with transaction.atomic():
        with transaction.atomic():
            mark("chore:1", shop_id=shop.pk)
            transaction.set_rollback(True)
        mark("chore:2", shop_id=shop.pk)

    assert broker.rung == ["chore"]


@two_connections
def test_a_wish_is_kept_although_the_broker_is_away(shop, monkeypatch):
    from crm.work.models import Work

    monkeypatch.setattr(bell, "current_app", Broken())

    mark("chore:1", shop_id=shop.pk)

    assert Work.objects.get().key == "chore:1"
