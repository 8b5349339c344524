"""The life of a work row: every promise of crm/work/services.py, against a real PostgreSQL."""

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction

from crm.customers.models import Customer
from crm.tenancy.door import tenant
from crm.work import services
from crm.work.models import Work
from crm.work.registry import Again
from crm.work.selectors import kinds_due, parked
from crm.work.services import claim, drop, mark, mark_many, mark_shops, release, run, unpark
from tests.factories import make_customer, make_shop

pytestmark = pytest.mark.django_db
two_connections = pytest.mark.django_db(transaction=True)


def now():
    """The database's clock, the only one the work table knows; still within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def end_leases():
    Work.objects.update(lease_until=now() - timedelta(seconds=1))


def make_due():
    Work.objects.update(due_at=now())


def done_in(shop):
    """How many effects the shop has: a chore makes a customer."""
    with tenant(shop):
        return Customer.objects.count()


# -- mark --------------------------------------------------------------------------------


def test_a_wish_is_one_row_that_is_due_at_once(shop):
    mark("chore:7", shop_id=shop.pk)

    row = Work.objects.get()
    assert (row.key, row.shop_id, row.due_at, row.seq) == ("chore:7", shop.pk, now(), 1)


def test_wishing_again_adds_no_row_but_counts(shop):
    for _ in range(3):
        mark("chore:7", shop_id=shop.pk)

    assert Work.objects.get().seq == 3


@pytest.mark.parametrize("order", [(1, 5), (5, 1)])
def test_the_earlier_due_time_wins(shop, order):
    for hours in order:
        mark("chore:7", shop_id=shop.pk, due_at=now() + timedelta(hours=hours))

    assert Work.objects.get().due_at == now() + timedelta(hours=1)


def test_two_shops_with_the_same_subject_have_a_row_each(shop, other_shop):
    mark("chore:7", shop_id=shop.pk)
    mark("chore:7", shop_id=other_shop.pk)

    assert set(Work.objects.values_list("shop_id", "seq")) == {(shop.pk, 1), (other_shop.pk, 1)}


def test_marking_many_is_one_row_per_subject(shop):
    mark("chore:2", shop_id=shop.pk)

    mark_many("chore", iter([3, 1, 2, 3]), shop_id=shop.pk)
    mark_many("chore", [], shop_id=shop.pk)

    assert list(Work.objects.order_by("ref").values_list("ref", "seq")) == [(1, 1), (2, 2), (3, 1)]


def test_marking_shops_names_each_shop_itself(shop, other_shop):
    mark_shops("chore", [other_shop.pk, shop.pk])

    wishes = set(Work.objects.values_list("shop_id", "ref"))
    assert wishes == {(shop.pk, shop.pk), (other_shop.pk, other_shop.pk)}


def test_a_parked_row_is_taken_up_again_by_a_new_wish(shop):
    mark("chore:7", shop_id=shop.pk)
    Work.objects.update(parked_at=now(), attempts=5)

    mark("chore:7", shop_id=shop.pk)

    row = Work.objects.get()
    assert (row.parked_at, row.attempts) == (None, 0)


def test_a_new_wish_does_not_forget_the_failures_of_a_row_that_still_tries(shop):
    mark("chore:7", shop_id=shop.pk)
    Work.objects.update(attempts=3)

    mark("chore:7", shop_id=shop.pk)

    assert Work.objects.get().attempts == 3


def test_a_wish_is_undone_with_its_transaction(shop):
    with transaction.atomic():
        mark("chore:7", shop_id=shop.pk)
        transaction.set_rollback(True)

    assert not Work.objects.exists()


@pytest.mark.parametrize("refs", [[7], []])
def test_a_wish_that_nobody_can_meet_is_refused(shop, refs):
    with pytest.raises(LookupError, match="chroe"):
        mark_many("chroe", refs, shop_id=shop.pk)


@two_connections
def test_marking_in_opposite_orders_at_once_does_not_deadlock(shop, at_once):
    """Both insert the same keys; sorted, the second waits for the first and then adds."""

    def mark_all(refs):
        with transaction.atomic():
            mark_many("chore", refs, shop_id=shop.pk)

    up, down = range(500), range(499, -1, -1)
    at_once(*[partial(mark_all, refs) for refs in [up, down] * 3])

    assert set(Work.objects.values_list("seq", flat=True)) == {6}


# -- claim -------------------------------------------------------------------------------


def test_a_claim_leases_what_is_due(shop):
    mark("chore:7", shop_id=shop.pk)
    mark("chore:8", shop_id=shop.pk, due_at=now() + timedelta(seconds=1))
    mark("review:9", shop_id=shop.pk)

    claimed = claim("chore")

    assert [row.ref for row in claimed] == [7]
    row = Work.objects.get(ref=7)
    assert (row.claim, row.attempts, row.lease_until) == (1, 0, now() + services.LEASE)


def test_a_leased_row_is_not_claimed_again_until_its_lease_runs_out(shop):
    mark("chore:7", shop_id=shop.pk)
    claim("chore")

    while_leased = claim("chore")
    end_leases()
    afterwards = claim("chore")

    assert while_leased == []
    assert [row.claim for row in afterwards] == [2]


def test_one_claim_takes_at_most_ten_rows_of_one_shop_the_longest_waiting_first(shop):
    for ref in range(30):
        mark(f"chore:{ref}", shop_id=shop.pk, due_at=now() - timedelta(minutes=ref))

    claimed = claim("chore")

    assert {row.ref for row in claimed} == set(range(20, 30))


def test_claimed_rows_come_in_the_order_they_were_wished_for(shop, other_shop):
    for ref in range(8):
        mark(f"chore:{ref}", shop_id=shop.pk, due_at=now() - timedelta(minutes=ref))
        mark(f"chore:{ref}", shop_id=other_shop.pk)

    claimed = claim("chore")

    assert [row.ref for row in claimed] == sorted([*range(8)] * 2)


def test_old_floods_of_other_shops_do_not_keep_a_shop_waiting(shop):
    for _ in range(4):
        flooded = make_shop()
        mark_many("chore", range(50), shop_id=flooded.pk, due_at=now() - timedelta(days=1))
    mark("chore:7", shop_id=shop.pk)

    claimed = claim("chore")

    assert shop.pk in {row.shop_id for row in claimed}
    assert len(claimed) == 4 * 4 + 1  # the twenty shared out among five shops


def test_with_more_shops_than_places_each_gets_its_turn_while_the_others_still_have_work():
    shops = [make_shop() for _ in range(5)]
    for flooded in shops:
        mark_many("chore", range(100), shop_id=flooded.pk)

    claims = [claim("chore", limit=2) for _ in range(90)]  # a shop is missed once in 10^19

    assert {row.shop_id for rows in claims for row in rows} == {shop.pk for shop in shops}
    assert {len({row.shop_id for row in rows}) for rows in claims} == {2}


def test_a_parked_row_is_not_claimed_with_its_neighbours(shop):
    mark_many("chore", [1, 2], shop_id=shop.pk)
    Work.objects.filter(ref=1).update(parked_at=now())

    assert [row.ref for row in claim("chore")] == [2]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("look", [lambda: claim("chore"), kinds_due], ids=["claim", "kinds_due"])
def test_looking_for_work_reads_few_rows_however_long_the_queue(shop, other_shop, look):
    mark_many("chore", range(5000), shop_id=shop.pk)
    mark_many("chore", range(5000), shop_id=other_shop.pk, due_at=now() + timedelta(days=1))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE crm_work")

    with transaction.atomic():
        look()
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
                 WHERE relname = 'crm_work'
                """
            )
            assert cursor.fetchone()[0] < 100


@two_connections
def test_two_workers_claiming_at_once_get_different_rows_and_do_not_wait(shop, elsewhere):
    mark_many("chore", range(15), shop_id=shop.pk)

    with transaction.atomic():
        ours = claim("chore")
        theirs = elsewhere(claim, "chore")

    assert (len(ours), len(theirs)) == (10, 5)
    assert {row.id for row in ours}.isdisjoint(row.id for row in theirs)


@two_connections
def test_a_row_being_marked_is_passed_over_not_waited_for(shop, elsewhere):
    mark("chore:7", shop_id=shop.pk)
    mark("chore:8", shop_id=shop.pk)

    with transaction.atomic():
        mark("chore:7", shop_id=shop.pk)
        claimed = elsewhere(claim, "chore")

    assert [row.ref for row in claimed] == [8]


def test_a_released_row_may_be_claimed_at_once(shop):
    mark("chore:7", shop_id=shop.pk)

    release(claim("chore"))
    release([])

    assert [row.claim for row in claim("chore")] == [2]


def test_releasing_does_not_take_a_row_from_the_worker_who_has_it_now(shop):
    mark("chore:7", shop_id=shop.pk)
    stale = claim("chore")
    end_leases()
    claim("chore")

    release(stale)

    assert claim("chore") == []


# -- run and finish ----------------------------------------------------------------------


def test_a_run_does_the_work_inside_its_shop_and_removes_the_row(shop, chore):
    chore(lambda ref: make_customer(shop) and None)
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert is_done
    assert done_in(shop) == 1
    assert not Work.objects.exists()


def test_a_run_cannot_write_for_another_shop(shop, other_shop, chore):
    chore(lambda ref: make_customer(other_shop) and None)
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert not is_done
    assert done_in(other_shop) == 0


def test_again_leaves_the_row_due_at_the_time_it_names(shop, chore):
    tomorrow = now() + timedelta(days=1)
    chore(lambda ref: Again(at=tomorrow))
    mark("chore:7", shop_id=shop.pk)

    run(claim("chore")[0])

    row = Work.objects.get()
    assert (row.due_at, row.lease_until, row.attempts) == (tomorrow, None, 0)


def test_again_without_a_time_is_due_at_once(shop, chore):
    chore(lambda ref: Again())
    mark("chore:7", shop_id=shop.pk)

    run(claim("chore")[0])

    assert len(claim("chore")) == 1


def test_a_wish_made_before_the_run_began_is_met_by_it(shop):
    mark("chore:7", shop_id=shop.pk)
    (row,) = claim("chore")
    mark("chore:7", shop_id=shop.pk)

    run(row)

    assert not Work.objects.exists()


@two_connections
@pytest.mark.parametrize("outcome", [None, Again(), Again(at=datetime(2099, 1, 1, tzinfo=UTC))])
def test_a_wish_made_during_the_run_leaves_the_row_due(shop, chore, elsewhere, outcome):
    def wished_for_meanwhile(ref):
        elsewhere(mark, "chore:7", shop_id=shop.pk)
        make_customer(shop)
        return outcome

    chore(wished_for_meanwhile)
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert is_done
    assert done_in(shop) == 1
    assert [row.ref for row in claim("chore")] == [7]


@two_connections
def test_a_wish_for_later_made_during_the_run_is_looked_at_now_not_lost(shop, chore, elsewhere):
    chore(lambda ref: elsewhere(mark, "chore:7", shop_id=shop.pk, due_at=now() + timedelta(days=9)))
    mark("chore:7", shop_id=shop.pk)

    run(claim("chore")[0])

    assert [row.ref for row in claim("chore")] == [7]


@two_connections
def test_a_fact_still_being_written_when_the_run_finishes_is_not_lost(shop, chore, elsewhere):
    """The run cannot see the fact, so it must wait for its wish and leave the row due."""
    is_marked, may_commit = threading.Event(), threading.Event()

    def write_a_fact_slowly():
        with tenant(shop):
            make_customer(shop)
            mark("chore:7", shop_id=shop.pk)
            is_marked.set()
            may_commit.wait(20)

    def let_it_commit_once_the_run_waits():
        for _ in range(2000):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database()"
                )
                if cursor.fetchone()[0]:
                    break
            time.sleep(0.005)
        may_commit.set()

    seen = []

    def count_facts(ref):
        if not seen:
            threads.append(threading.Thread(target=elsewhere, args=(write_a_fact_slowly,)))
            threads[-1].start()
            is_marked.wait(20)
        seen.append(Customer.objects.count())
        if len(seen) == 1:
            threads.append(
                threading.Thread(target=elsewhere, args=(let_it_commit_once_the_run_waits,))
            )
            threads[-1].start()

    threads: list[threading.Thread] = []
    chore(count_facts)
    mark("chore:7", shop_id=shop.pk)

    for _ in range(2):
        for row in claim("chore"):
            run(row)
    for thread in threads:
        thread.join()

    assert seen == [0, 1]
    assert not Work.objects.exists()


# -- the fence ---------------------------------------------------------------------------


@two_connections
@pytest.mark.parametrize("other_has", ["claimed it", "done it"])
def test_a_run_past_its_lease_leaves_no_effect(shop, chore, elsewhere, monkeypatch, other_has):
    monkeypatch.setattr(services, "LEASE", timedelta(0))
    runs = []

    def overtaken(ref):
        runs.append(ref)
        make_customer(shop)
        if len(runs) == 1:
            (row,) = elsewhere(claim, "chore")
            if other_has == "done it":
                assert elsewhere(run, row)

    chore(overtaken)
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert not is_done
    assert done_in(shop) == (1 if other_has == "done it" else 0)
    assert Work.objects.count() == (0 if other_has == "done it" else 1)


def test_a_row_whose_lease_ran_out_before_its_turn_is_left_to_its_new_worker(shop, chore):
    runs = []
    chore(lambda ref: runs.append(ref))
    mark("chore:7", shop_id=shop.pk)
    (stale,) = claim("chore")
    end_leases()
    claim("chore")

    is_done = run(stale)

    assert not is_done
    assert runs == []
    assert Work.objects.get().attempts == 0


# -- the part that talks to the world ----------------------------------------------------


@two_connections
def test_then_runs_after_the_commit_with_the_row_still_leased(shop, chore, elsewhere):
    seen = {}
    tomorrow = now() + timedelta(days=1)

    def talk_to_the_world():
        seen["in a transaction"] = connection.in_atomic_block
        seen["effects"] = elsewhere(done_in, shop)
        seen["claimable"] = elsewhere(claim, "chore")

    chore(lambda ref: make_customer(shop) and Again(at=tomorrow, then=talk_to_the_world))
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert is_done
    assert seen == {"in a transaction": False, "effects": 1, "claimable": []}
    row = Work.objects.get()
    assert (row.due_at, row.lease_until, row.attempts) == (tomorrow, None, 0)


@two_connections
def test_then_does_not_run_for_a_worker_that_lost_its_row(shop, chore, elsewhere, monkeypatch):
    monkeypatch.setattr(services, "LEASE", timedelta(0))
    said = []

    def overtaken(ref):
        elsewhere(claim, "chore")
        make_customer(shop)
        return Again(then=lambda: said.append(ref))

    chore(overtaken)
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert not is_done
    assert said == []
    assert done_in(shop) == 0


def test_a_then_that_always_fails_is_parked_like_any_other_failure(shop, chore):
    chore(lambda ref: Again(then=lambda: 1 / 0))
    mark("chore:7", shop_id=shop.pk)

    for _ in range(5):
        make_due()
        assert not run(claim("chore")[0])

    assert [row.key for row in parked(shop.pk)] == ["chore:7"]


@pytest.mark.parametrize("moment", ["in the handler", "in then"])
def test_a_run_may_drop_its_own_row_and_keeps_its_effect(shop, chore, moment):
    def settled(ref):
        make_customer(shop)
        if moment == "in then":
            return Again(then=lambda: drop("chore:7", shop_id=shop.pk))
        return drop("chore:7", shop_id=shop.pk)

    chore(settled)
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert is_done
    assert done_in(shop) == 1
    assert not Work.objects.exists()


# -- failing and parking -----------------------------------------------------------------


def fail_with_words(ref):
    make_customer_of_nobody = "kayo@example.com"
    raise ValueError(f"not a customer of ours: {make_customer_of_nobody}")


def test_a_failed_run_leaves_no_effect_and_is_tried_again_after_a_pause(shop, chore):
    chore(lambda ref: make_customer(shop) and fail_with_words(ref))
    mark("chore:7", shop_id=shop.pk)

    is_done = run(claim("chore")[0])

    assert not is_done
    assert done_in(shop) == 0
    row = Work.objects.get()
    assert (row.attempts, row.lease_until, row.parked_at) == (1, None, None)
    assert row.due_at == now() + services.PAUSES[0]


def test_the_row_says_where_it_failed_and_quotes_nobody(shop, chore):
    chore(fail_with_words)
    mark("chore:7", shop_id=shop.pk)

    run(claim("chore")[0])

    error = Work.objects.get().last_error
    assert error.startswith(f"ValueError at {__name__}:")
    assert "kayo" not in error


def test_the_pauses_grow_and_the_fifth_failure_parks(shop, chore):
    chore(fail_with_words)
    mark("chore:7", shop_id=shop.pk)

    pauses = []
    for _ in range(5):
        run(claim("chore")[0])
        pauses.append(Work.objects.get().due_at - now())
        make_due()

    assert pauses[:4] == list(services.PAUSES)
    assert Work.objects.get().parked_at == now()
    assert claim("chore") == []


def test_a_success_forgets_the_failures_before_it(shop, chore):
    outcomes = iter([fail_with_words, fail_with_words, lambda ref: Again()])
    chore(lambda ref: next(outcomes)(ref))
    mark("chore:7", shop_id=shop.pk)

    for _ in range(3):
        run(claim("chore")[0])
        make_due()

    row = Work.objects.get()
    assert (row.attempts, row.last_error) == (0, "")


def test_work_that_kills_its_process_is_parked_after_five_attempts(shop, chore):
    mark("chore:7", shop_id=shop.pk)
    for _ in range(5):
        services._begin(claim("chore")[0])  # …and then its process is gone
        end_leases()

    is_done = run(claim("chore")[0])

    assert not is_done
    row = Work.objects.get()
    assert row.parked_at == now()
    assert row.last_error == "killed"


def test_work_that_kills_its_process_takes_none_of_its_batch_along(shop, chore):
    mark_many("chore", range(10), shop_id=shop.pk)
    for _ in range(7):
        poison = next(row for row in claim("chore") if row.ref == 0)
        if poison.attempts < 5:
            services._begin(poison)
        end_leases()

    assert [run(row) for row in claim("chore") if row.ref != 0] == [True] * 9


def test_parked_work_is_shown_to_its_own_shop(shop, other_shop):
    mark("chore:7", shop_id=shop.pk)
    mark("chore:8", shop_id=other_shop.pk)
    Work.objects.update(parked_at=now())

    assert [row.key for row in parked(shop.pk)] == ["chore:7"]


def test_unparking_makes_the_row_due_at_once(shop):
    mark("chore:7", shop_id=shop.pk)
    Work.objects.update(parked_at=now(), attempts=5, due_at=now() + timedelta(hours=1))

    is_taken_up = unpark(Work.objects.get().pk, shop_id=shop.pk)

    assert is_taken_up
    (row,) = claim("chore")
    assert row.attempts == 0


def test_a_row_of_another_shop_is_not_unparked(shop, other_shop):
    mark("chore:7", shop_id=shop.pk)
    Work.objects.update(parked_at=now())

    is_taken_up = unpark(Work.objects.get().pk, shop_id=other_shop.pk)

    assert not is_taken_up
    assert Work.objects.get().parked_at == now()


def test_a_row_that_is_not_parked_is_not_unparked(shop):
    mark("chore:7", shop_id=shop.pk, due_at=now() + timedelta(hours=1))

    assert not unpark(Work.objects.get().pk, shop_id=shop.pk)
    assert Work.objects.get().due_at == now() + timedelta(hours=1)


def test_a_dropped_wish_is_gone_in_its_own_shop_only(shop, other_shop):
    mark("chore:7", shop_id=shop.pk)
    mark("chore:7", shop_id=other_shop.pk)

    drop("chore:7", shop_id=shop.pk)

    assert [row.shop_id for row in Work.objects.all()] == [other_shop.pk]
