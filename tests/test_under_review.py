"""Facts that arrive while their customer is being judged, and judges that meet.

Whatever the order: in the end the customer stands where all facts together put them.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from crm.customers.models import Customer
from crm.ledger.enums import Kind
from crm.shops.models import Shop
from crm.stages import services as stages
from crm.stages.enums import Stage
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.services import claim, run
from crm.work.tasks import work_off
from tests.factories import make_customer, make_touchpoint

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = "いつもていねいに包んでくださり、届くたびに気持ちがあたたかくなります。"


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A customer with one small fact, which was never judged."""
    with tenant(shop):
        customer = make_customer(shop)
        make_touchpoint(customer, Kind.NPS, value=7, at=timezone.now())
    return customer


def write_a_letter(customer: Customer) -> None:
    with tenant(customer.shop):
        make_touchpoint(customer, Kind.LETTER, at=timezone.now(), text=LETTER)


def stage_of(customer: Customer) -> Stage:
    with tenant(customer.shop):
        return Stage(Relationship.objects.get(customer=customer).stage)


def elsewhere(function: Callable[..., Any], *args: Any) -> Any:
    """Run a function to its end as another process would, in a connection of its own."""

    def in_thread() -> Any:
        try:
            return function(*args)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(in_thread).result()


def do_at(moment: str, function: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Call the function once, right before or after a step of the next judgement."""
    when, _, step = moment.partition(" ")
    original = getattr(stages, step)
    is_over = threading.Event()

    def stepping(*args: Any, **kwargs: Any) -> Any:
        is_first = not is_over.is_set()
        is_over.set()
        if is_first and when == "before":
            function()
        outcome = original(*args, **kwargs)
        if is_first and when == "after":
            function()
        return outcome

    monkeypatch.setattr(stages, step, stepping)


@pytest.mark.parametrize(
    "moment", ["before rule_of", "before histories", "after histories", "after store"]
)
def test_a_fact_that_arrives_under_review_is_not_lost(customer, moment, monkeypatch):
    do_at(moment, lambda: elsewhere(write_a_letter, customer), monkeypatch)

    work_off("review")

    assert stage_of(customer) == Stage.EMPATHY
    assert not Work.objects.exists()


def test_a_fact_that_is_still_being_written_when_the_review_ends_is_not_lost(customer, monkeypatch):
    """Nobody can see the fact yet; the review waits for its wish and leaves the row due."""
    is_written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with tenant(customer.shop):
                make_touchpoint(customer, Kind.LETTER, at=timezone.now(), text=LETTER)
                is_written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    def commit_once_somebody_waits() -> None:
        try:
            wait_for_a_lock()
        finally:
            may_commit.set()
            connection.close()

    with ThreadPoolExecutor(2) as others:

        def begin_to_write() -> None:
            others.submit(write_slowly)
            assert is_written.wait(20)
            others.submit(commit_once_somebody_waits)

        do_at("after store", begin_to_write, monkeypatch)
        (row,) = claim("review")
        assert run(row)

    assert stage_of(customer) == Stage.OBSERVER
    work_off("review")
    assert stage_of(customer) == Stage.EMPATHY


def let_two_judges_meet(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One has read the facts and not yet stored its word when a new fact comes, and another
    judges by it: a second worker after a lease ran out, or a command."""

    def write_and_judge() -> None:
        try:
            write_a_letter(customer)
            with tenant(customer.shop):
                stages.reassess(customer=customer, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:

        def meet() -> None:
            judging = another.submit(write_and_judge)
            elsewhere(wait_for_a_lock, judging.done)

        do_at("after histories", meet, monkeypatch)
        with tenant(customer.shop):
            stages.reassess(customer=customer, now=timezone.now())


def wait_for_a_lock(or_until: Callable[[], bool] = lambda: False) -> None:
    """Return once some connection of this database waits for another."""
    for _ in range(4000):
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT EXISTS (SELECT FROM pg_stat_activity
                                WHERE wait_event_type = 'Lock' AND datname = current_database())
                """
            )
            if cursor.fetchone()[0] or or_until():
                return
        time.sleep(0.005)
    raise AssertionError("nobody waits for anybody")


def test_two_judges_of_one_customer_end_at_the_word_of_all_facts(customer, monkeypatch):
    let_two_judges_meet(customer, monkeypatch)

    assert stage_of(customer) == Stage.EMPATHY


def test_control_judges_who_do_not_wait_for_each_other_end_at_the_older_word(customer, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda query, **kwargs: query)

    let_two_judges_meet(customer, monkeypatch)

    assert stage_of(customer) == Stage.OBSERVER
