"""F9: whatever Celery delivers twice, late or at once, the rows decide."""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from crm.customers.models import Customer
from crm.tenancy.door import tenant
from crm.work import tasks
from crm.work.models import Heartbeat, PeriodDone, Work
from crm.work.registry import Again, handlers
from crm.work.services import claim, mark, mark_many
from tests.factories import NOON, make_customer

pytestmark = pytest.mark.django_db
two_connections = pytest.mark.django_db(transaction=True)


def effects_in(shop):
    with tenant(shop):
        return sorted(int(name) for name in Customer.objects.values_list("name", flat=True))


@pytest.fixture
def counting(chore, shop):
    """A chore whose every run leaves a trace."""
    chore(lambda ref: make_customer(shop, name=str(ref)) and None)


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_a_sweep_does_all_that_is_due_and_a_second_one_nothing(shop, counting):
    mark_many("chore", range(25), shop_id=shop.pk)

    done = [tasks.sweep("chore") for _ in range(2)]

    assert done == [25, 0]
    assert effects_in(shop) == list(range(25))


def test_a_sweep_that_comes_late_finds_nothing_to_do(shop, counting):
    mark("chore:1", shop_id=shop.pk)
    tasks.work_off("chore")

    assert tasks.sweep("chore") == 0


@two_connections
def test_sweeps_at_the_same_moment_do_each_row_once(shop, counting, at_once):
    mark_many("chore", range(60), shop_id=shop.pk)

    done = at_once(*[partial(tasks.sweep, "chore")] * 4)

    assert sum(done) == 60
    assert effects_in(shop) == list(range(60))
    assert not Work.objects.exists()


@two_connections
def test_ticks_at_the_same_moment_mark_one_day(shop, at_once, monkeypatch):
    monkeypatch.setattr("crm.work.calendar.daily", {"chore": 0})

    at_once(*[tasks.tick] * 4)

    assert PeriodDone.objects.count() == 1
    assert Work.objects.get().seq == 1
    assert Heartbeat.objects.count() == 1


def test_a_tick_rings_for_each_kind_that_has_due_work(shop, broker):
    mark("chore:1", shop_id=shop.pk)

    tasks.tick()

    assert broker.rung == ["chore"]


@pytest.mark.parametrize("state", ["later", "leased", "parked", "done"])
def test_a_tick_does_not_ring_for_what_cannot_be_done_now(shop, broker, state):
    mark("chore:1", shop_id=shop.pk)
    if state == "leased":
        claim("chore")
    elif state == "done":
        tasks.work_off("chore")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now() + interval '1 hour'")
            (instant,) = cursor.fetchone()
        Work.objects.update(
            **{"later": {"due_at": instant}, "parked": {"parked_at": instant}}[state]
        )

    tasks.tick()

    assert broker.rung == []


def test_a_calendar_that_fails_keeps_nobody_from_finding_lost_messages(
    shop, chore, broker, monkeypatch
):
    mark("chore:1", shop_id=shop.pk)
    monkeypatch.setattr("crm.work.calendar.mark_due_days", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tasks.tick()

    assert broker.rung == ["chore"]
    assert Heartbeat.objects.exists()


def test_work_of_another_release_is_left_alone(shop):
    Work.objects.create(shop=shop, kind="not-ours", ref=1, due_at=NOON)

    done = tasks.sweep("not-ours")

    assert done == 0
    assert Work.objects.get().claim == 0


def test_a_sweep_out_of_time_gives_back_what_it_did_not_begin_and_rings_again(
    shop, chore, broker, clock
):
    def takes_long(ref):
        clock.now += tasks.SLICE

    chore(takes_long)
    mark_many("chore", range(10), shop_id=shop.pk)

    done = tasks.sweep("chore")

    assert done == 1
    assert len(claim("chore")) == 9
    assert broker.rung == ["chore"]


def test_a_sweep_that_finished_does_not_ring(shop, counting, broker):
    mark("chore:1", shop_id=shop.pk)

    tasks.sweep("chore")

    assert broker.rung == []


@two_connections
def test_rows_in_other_hands_do_not_make_the_workers_spin(shop, counting, elsewhere, broker):
    mark("chore:1", shop_id=shop.pk)

    with transaction.atomic():
        mark("chore:1", shop_id=shop.pk)
        broker.rung.clear()
        done = elsewhere(tasks.sweep, "chore")

        assert done == 0
        assert broker.rung == []
    assert broker.rung == ["chore"]


def test_a_flood_of_one_kind_keeps_no_other_waiting(shop, chore, clock, monkeypatch):
    seen = []

    def one_of_a_flood(ref):
        clock.now += 0.5

    monkeypatch.setitem(handlers, "errand", seen.append)
    chore(one_of_a_flood)
    mark_many("chore", range(100), shop_id=shop.pk)
    mark("errand:7", shop_id=shop.pk)

    tasks.sweep("chore")

    assert seen == [7]
    assert Work.objects.filter(kind="chore").exists()


def test_one_failing_row_does_not_stop_the_others(shop, chore):
    chore(lambda ref: None if ref != 3 else 1 / 0)
    mark_many("chore", range(10), shop_id=shop.pk)

    tasks.work_off("chore")

    assert [row.ref for row in Work.objects.all()] == [3]


def test_a_slice_of_work_goes_on_until_it_is_done(shop, chore):
    slices = iter([Again(), Again(), None])
    chore(lambda ref: next(slices))
    mark("chore:1", shop_id=shop.pk)

    done = tasks.work_off("chore")

    assert done == 3
    assert not Work.objects.exists()


def test_the_tasks_bear_words_of_a_newer_release(shop):
    """F45: a message may carry more than this release knows."""
    tasks.tick(since="3")
    tasks.sweep("chore", since="3")


def test_celery_knows_no_other_task():
    from horetsu_site.celery import app

    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {"crm.work.tick", "crm.work.sweep"}


def test_the_heartbeat_does_not_queue_behind_the_work(settings):
    ours = {queue.name for queue in settings.CELERY_TASK_QUEUES}

    assert settings.CELERY_TASK_ROUTES == {"crm.work.tick": {"queue": "tick"}}
    assert ours == {"celery", "tick"}  # of which a worker takes one by one in turn


def test_a_task_is_killed_before_its_lease_runs_out(settings):
    from crm.work.services import LEASE

    assert timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) < LEASE
    assert tasks.SLICE < settings.CELERY_TASK_SOFT_TIME_LIMIT
