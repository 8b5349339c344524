"""The broker is a doorbell: whatever becomes of it, the work is done. Each control keeps the
work in the message instead, or has nobody look without a message, and must lose it.
"""

import os
import signal

import pytest
from kombu.exceptions import OperationalError

from crm.shops.models import Shop
from crm.work import bell
from crm.work.services import mark
from tests.faults.harness import Engine, wait_until
from tests.faults.test_work import is_done, let_a_worker_come_to, once, traces

pytestmark = pytest.mark.faults

MANY = range(200)
FEW = range(20)


def wish_for(refs: range, shop: Shop) -> None:
    for ref in refs:
        mark(f"tally:{ref}", shop_id=shop.pk)


def put_in_messages(refs: range, engine: Engine) -> None:
    for ref in refs:
        engine.celery.send_task("tests.faults.tally", args=[ref])


def queued(engine: Engine) -> int:
    with engine.celery.connection_for_read() as connection:
        return int(connection.default_channel.client.llen("celery"))


# -- F4: the broker forgets everything -----------------------------------------------------


def test_what_a_flushed_broker_forgot_is_done_all_the_same(engine, tea_shop):
    wish_for(MANY, tea_shop)
    assert queued(engine) == len(MANY)

    engine.flush_broker()
    engine.start_worker()
    engine.start_beat()
    wait_until(lambda: is_done("tally"))

    assert traces("tally") == once(MANY)


def test_control_work_in_a_message_is_forgotten_with_it(engine, tea_shop):
    put_in_messages(MANY, engine)
    assert queued(engine) == len(MANY)

    engine.flush_broker()
    engine.start_worker()
    let_a_worker_come_to(tea_shop)

    assert not traces("tally")


def test_control_nobody_looks_without_a_beat(engine, tea_shop):
    wish_for(MANY, tea_shop)

    engine.flush_broker()
    engine.start_worker()
    let_a_worker_come_to(tea_shop)

    assert len(traces("tally")) < len(MANY)


# -- F5 and F6: the broker refuses, or stands still ----------------------------------------


def test_wishes_are_kept_while_the_broker_refuses_and_done_when_it_is_back(engine, tea_shop):
    engine.valkey.stop()

    wish_for(FEW, tea_shop)
    assert not bell.ring("tally")
    engine.valkey.start()
    engine.start_worker()
    engine.start_beat()
    wait_until(lambda: is_done("tally"))

    assert traces("tally") == once(FEW)


def test_control_a_message_cannot_be_sent_to_a_broker_that_refuses(engine, tea_shop):
    engine.valkey.stop()

    with pytest.raises(OperationalError):
        put_in_messages(FEW, engine)


def test_a_broker_that_stands_still_is_tried_once_and_the_wishes_are_kept(engine, tea_shop):
    assert engine.valkey.process
    mark("tally:0", shop_id=tea_shop.pk)  # so that a connection is open
    os.kill(engine.valkey.process.pid, signal.SIGSTOP)

    try:
        wish_for(FEW, tea_shop)
        assert bell._silent_until > 0
    finally:
        os.kill(engine.valkey.process.pid, signal.SIGCONT)
    engine.start_worker()
    engine.start_beat()
    wait_until(lambda: is_done("tally"))

    assert traces("tally") == once(FEW)


# -- F8: a message vanishes between the broker and a worker --------------------------------


def test_a_message_written_to_a_dead_worker_is_not_missed(engine, tea_shop):
    stuck = engine.start_worker()
    let_a_worker_come_to(tea_shop)
    os.kill(stuck.pid, signal.SIGSTOP)

    wish_for(FEW, tea_shop)
    engine.kill(stuck)
    engine.start_worker()
    engine.start_beat()
    wait_until(lambda: is_done("tally"))

    assert traces("tally") == once(FEW)


def test_control_work_in_a_message_dies_with_the_worker_it_was_written_to(engine, tea_shop):
    stuck = engine.start_worker()
    let_a_worker_come_to(tea_shop)
    os.kill(stuck.pid, signal.SIGSTOP)

    put_in_messages(FEW, engine)
    engine.kill(stuck)
    engine.start_worker()
    wait_until(lambda: queued(engine) == 0)
    let_a_worker_come_to(tea_shop)

    assert traces("tally") != once(FEW)
