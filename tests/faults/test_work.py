"""Work survives what kills, freezes and repeats its workers. Each test has its control: the
same fault with one promise of crm/work broken, which must then show.
"""

import os
import signal
from collections import Counter

import pytest
from django.db import connection

from crm.shops.models import Shop
from crm.work.models import Heartbeat, PeriodDone, Work
from crm.work.services import mark, mark_many
from tests.factories import make_shop
from tests.faults.harness import Engine, children_of, is_frozen, wait_until

pytestmark = pytest.mark.faults


def traces(kind: str) -> Counter[int]:
    """How often each ref was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref, count(*) FROM fault_trace WHERE kind = %s GROUP BY 1", [kind])
        return Counter(dict(cursor.fetchall()))


def undone_runs() -> int:
    """Runs whose trace was rolled back: an identity is used up all the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) - count(*) FROM fault_trace")
        return int(cursor.fetchone()[0])


def is_done(kind: str) -> bool:
    return not Work.objects.filter(kind=kind, parked_at=None).exists()


def once(refs: range) -> Counter[int]:
    return Counter(dict.fromkeys(refs, 1))


def let_a_worker_come_to(shop: Shop) -> None:
    """Wait until a running worker has taken up what came to it before this."""
    ref = sum(traces("nightly").values()) + 1_000_000
    mark(f"nightly:{ref}", shop_id=shop.pk)
    wait_until(lambda: traces("nightly")[ref])


# -- F1: a worker is killed in the middle of its batch -------------------------------------

JOBS = range(1000)


def kill_workers_amid(engine: Engine, shop: Shop, *, kills: int, breaking: str = "") -> None:
    mark_many("tally", JOBS, shop_id=shop.pk)
    engine.start_beat()
    workers = [engine.start_worker(breaking=breaking) for _ in range(2)]
    for kill in range(1, kills + 1):
        wanted = len(JOBS) * kill // (kills + 1)
        wait_until(lambda wanted=wanted: traces("tally").total() >= wanted or is_done("tally"))
        engine.kill(workers.pop(0))
        workers.append(engine.start_worker(breaking=breaking))
    wait_until(lambda: is_done("tally"))
    for worker in workers:
        engine.end(worker)


def test_a_worker_killed_amid_its_batch_loses_nothing_and_repeats_no_effect(engine, tea_shop):
    kill_workers_amid(engine, tea_shop, kills=3)

    assert traces("tally") == once(JOBS)
    assert undone_runs() > 0, "no kill met a run"


def test_control_a_row_taken_before_its_effect_is_lost_with_the_worker(engine, tea_shop):
    kill_workers_amid(engine, tea_shop, kills=1, breaking="takes_the_row_before_the_effect")

    assert traces("tally") != once(JOBS)


# -- F2: only the process that does the work is killed -------------------------------------


def do_perilous_work(engine: Engine, shop: Shop, *, breaking: str = "") -> None:
    mark_many("perilous", range(10), shop_id=shop.pk)
    engine.start_beat()
    worker = engine.start_worker(breaking=breaking)
    wait_until(lambda: is_done("perilous"))
    assert worker.poll() is None


def test_work_that_kills_its_process_is_parked_after_five_attempts_alone(engine, tea_shop):
    do_perilous_work(engine, tea_shop)

    assert traces("perilous") == once(range(1, 10))
    parked = Work.objects.get(kind="perilous")
    assert (parked.ref, parked.attempts, parked.last_error) == (0, 5, "killed")


def test_control_attempts_counted_by_the_claim_park_the_neighbours_too(engine, tea_shop):
    do_perilous_work(engine, tea_shop, breaking="counts_attempts_by_the_claim")

    assert Work.objects.filter(kind="perilous").count() > 1


# -- F3: a worker is frozen beyond its lease, and wakes up ---------------------------------


def wake_up_after_another_did_it(engine: Engine, shop: Shop, *, breaking: str = "") -> None:
    sleeper = engine.start_worker(breaking=breaking, HORETSU_FREEZES="1")
    frozen: set[int] = set()

    def one_more_froze(many: int) -> bool:
        frozen.update(filter(is_frozen, children_of(sleeper.pid)))
        return len(frozen) == many

    for ref in range(2):
        mark(f"freezing:{ref}", shop_id=shop.pk)
        wait_until(lambda many=ref + 1: one_more_froze(many))
    engine.start_beat()
    engine.start_worker()
    wait_until(lambda: is_done("freezing"))
    assert traces("freezing") == once(range(2))
    for pid in frozen:
        os.kill(pid, signal.SIGCONT)
    engine.end(sleeper)


def test_a_worker_that_wakes_up_too_late_leaves_no_effect(engine, tea_shop):
    said = engine.log()

    wake_up_after_another_did_it(engine, tea_shop)

    assert traces("freezing") == once(range(2))
    assert engine.log().removeprefix(said).count("ran past its lease") == 2


def test_control_without_the_fence_the_late_effect_comes_on_top(engine, tea_shop):
    wake_up_after_another_did_it(engine, tea_shop, breaking="has_no_fence")

    assert traces("freezing") == Counter({0: 2, 1: 2})


# -- F9: a message comes twice, or late ----------------------------------------------------


def ring_and_ring(engine: Engine, shop: Shop, *, breaking: str = "") -> None:
    workers = [engine.start_worker(breaking=breaking) for _ in range(2)]
    for worker in workers:
        wait_until(lambda worker=worker: len(children_of(worker.pid)) >= 2)
    mark_many("tally", range(100), shop_id=shop.pk)
    for _ in range(20):
        engine.celery.send_task("crm.work.sweep", args=["tally"])
        engine.celery.send_task("crm.work.tick")
    wait_until(lambda: is_done("tally"))
    for _ in range(20):
        engine.celery.send_task("crm.work.sweep", args=["tally"])
    let_a_worker_come_to(shop)
    for worker in workers:
        engine.end(worker)


def test_messages_that_come_many_times_and_late_do_the_work_once(engine, tea_shop):
    ring_and_ring(engine, tea_shop)

    assert traces("tally") == once(range(100))


def test_control_without_a_lease_every_message_does_the_work(engine, tea_shop):
    ring_and_ring(engine, tea_shop, breaking="claims_without_lease")

    assert max(traces("tally").values()) > 1


# -- a flood of one kind, with as many messages --------------------------------------------

FLOOD = range(1800)


def wish_amid_a_flood(engine: Engine, shop: Shop, *, breaking: str = "") -> bool:
    """Was the whole flood done before what was wished for after it, and before a heartbeat?"""
    mark_many("tally", FLOOD, shop_id=shop.pk)
    for _ in range(200):
        engine.celery.send_task("crm.work.sweep", args=["tally"])
    mark("nightly:1", shop_id=shop.pk)
    engine.start_beat()
    engine.start_worker(breaking=breaking)
    wait_until(lambda: traces("nightly")[1] and Heartbeat.objects.exists())
    return is_done("tally")


def test_a_flood_keeps_neither_other_work_nor_the_heartbeat_waiting(engine, tea_shop):
    assert not wish_amid_a_flood(engine, tea_shop)


def test_control_workers_that_stay_with_one_kind_let_the_others_wait(engine, tea_shop):
    assert wish_amid_a_flood(engine, tea_shop, breaking="stays_with_one_kind")


# -- F20: beat runs twice, begins anew, or stands still for days ---------------------------


def let_ticks_come(many: int) -> None:
    seen = set()

    def have_come() -> bool:
        seen.update(Heartbeat.objects.values_list("at", flat=True))
        return len(seen) > many

    wait_until(have_come)


def disturb_beat(engine: Engine, *, breaking: str = "") -> None:
    worker = engine.start_worker(breaking=breaking)
    first, second = engine.start_beat(), engine.start_beat()
    let_ticks_come(2)
    engine.kill(first)
    first = engine.start_beat()
    let_ticks_come(2)
    wait_until(lambda: len(traces("nightly")) == Shop.objects.count())
    for beat in (first, second):
        os.kill(beat.pid, signal.SIGSTOP)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_perioddone SET day = day - 3")  # three days pass
    for beat in (first, second):
        os.kill(beat.pid, signal.SIGCONT)
    wait_until(lambda: min(traces("nightly").values(), default=0) > 1)
    let_ticks_come(2)
    engine.end(worker)


def test_two_beats_a_new_one_and_three_days_without_any_give_one_effect_a_day(engine, tea_shop):
    shops = [tea_shop, make_shop(time_zone="America/New_York"), make_shop(time_zone="UTC")]

    disturb_beat(engine)

    assert traces("nightly") == Counter({shop.pk: 2 for shop in shops})
    assert PeriodDone.objects.filter(kind="nightly").count() == 2 * len(shops)


def test_control_without_a_note_of_the_day_every_tick_has_its_effect(engine, tea_shop):
    disturb_beat(engine, breaking="marks_every_time")
    engine.start_worker(breaking="marks_every_time")

    wait_until(lambda: traces("nightly")[tea_shop.pk] > 2)
