from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm.complaints.enums import ComplaintState, Felt, Theme
from crm.complaints.models import Complaint
from crm.complaints.services import (
    ANSWER_WITHIN,
    assign,
    close,
    rebuild,
    record_recovery,
    reopen,
    respond,
)
from crm.customers.models import Customer
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.ledger.services import restore, withdraw
from crm.shops.models import Shop
from crm.stages.enums import Mark
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_touchpoint

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def inside(shop: Shop) -> Iterator[Shop]:
    with tenant(shop):
        yield shop


@pytest.fixture
def customer(inside: Shop) -> Customer:
    return make_customer(inside)


def complain(customer: Customer, **kwargs) -> Touchpoint:
    return make_touchpoint(customer, Kind.COMPLAINT, text="箱がつぶれていました。", **kwargs)


def only_case(customer: Customer, *, now=NOON) -> Complaint:
    (case,) = rebuild(customer=customer, now=now)
    return case


def test_a_complaint_opens_a_case_that_a_person_answers_within_a_day(customer):
    fact = complain(customer)

    case = only_case(customer)

    assert (case.thread, case.state) == (fact.source, ComplaintState.WAITING)
    assert case.opened_at == NOON
    assert case.due_at == NOON + ANSWER_WITHIN


@pytest.mark.parametrize(("stars", "cases"), [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_a_review_of_two_stars_or_less_opens_one(customer, stars, cases):
    make_touchpoint(customer, Kind.REVIEW, stars=stars, text="残念でした。")

    assert len(rebuild(customer=customer, now=NOON)) == cases


def test_two_complaints_of_one_thread_are_one_case_and_of_two_are_two(customer):
    complain(customer, thread="box", at=NOON - DAY)
    complain(customer, thread="box", at=NOON)
    complain(customer)

    opened = {case.thread: case.opened_at for case in rebuild(customer=customer, now=NOON)}

    assert len(opened) == 2
    assert opened["box"] == NOON - DAY


def test_our_response_leaves_it_open_but_no_longer_waiting_for_us(customer, owner):
    complain(customer)
    case = only_case(customer)

    respond(complaint=case, source="hand:1", at=NOON + HOUR, by=owner, text="お詫びしました。")

    case.refresh_from_db()
    assert case.state == ComplaintState.ANSWERED


def test_closing_and_taking_up_again_are_facts_that_the_case_and_the_stage_follow(customer, owner):
    complain(customer)
    case = only_case(customer)
    respond(complaint=case, source="hand:1", at=NOON + HOUR, by=owner, text="お詫びしました。")

    close(complaint=case, source="hand:2", at=NOON + 2 * HOUR)
    case.refresh_from_db()
    closed = (case.state, case.closed_at, _is_unresolved(customer))
    reopen(complaint=case, source="hand:3", at=NOON + 2 * DAY)
    case.refresh_from_db()

    assert closed == (ComplaintState.CLOSED, NOON + 2 * HOUR, False)
    assert case.state == ComplaintState.WAITING  # the answer was to what came before
    assert case.due_at == NOON + 2 * DAY + ANSWER_WITHIN
    assert _is_unresolved(customer, now=NOON + 2 * DAY)


def test_a_recovery_evaluation_belongs_to_the_case(customer):
    fact = complain(customer)
    case = only_case(customer)

    told = record_recovery(complaint=case, felt=Felt.EXCEEDED, source="hand:4", at=NOON + DAY)

    assert (told.kind, told.value, told.thread) == (Kind.RECOVERY, 1, fact.source)


def test_telling_twice_from_one_form_is_told_once(customer, owner):
    complain(customer)
    case = only_case(customer)

    for _ in range(2):
        respond(complaint=case, source="hand:1", at=NOON, by=owner, text="お電話しました。")
        close(complaint=case, source="hand:2", at=NOON + HOUR)

    assert customer.notes.count() == 1
    assert customer.touchpoints.filter(kind=Kind.COMPLAINT_CLOSED).count() == 1


def test_what_staff_decided_outlives_every_look_at_the_ledger(customer, owner):
    complain(customer)
    case = only_case(customer)
    assign(complaint=case, theme=Theme.DELIVERY, owner=owner, due_at=NOON + 3 * DAY)

    make_touchpoint(customer, Kind.LETTER)
    again = only_case(customer)

    assert again.pk == case.pk
    assert (again.theme, again.owner, again.due_at) == (Theme.DELIVERY, owner, NOON + 3 * DAY)


def test_a_complaint_taken_back_has_no_case_until_it_is_there_again(customer):
    fact = complain(customer, source="hand:1:a")
    only_case(customer)

    withdraw(touchpoint=fact)
    without = rebuild(customer=customer, now=NOON)
    fact.refresh_from_db()
    restore(touchpoint=fact)

    assert without == []
    assert Complaint.objects.count() == 0
    assert only_case(customer).thread == fact.source


def test_a_case_can_be_made_again_from_the_facts_alone(customer, owner):
    complain(customer)
    case = only_case(customer)
    respond(complaint=case, source="hand:1", at=NOON + HOUR, by=owner, text="お電話しました。")
    case.refresh_from_db()
    read_off = ("thread", "state", "opened_at", "closed_at", "customer_id")
    before = {name: getattr(case, name) for name in read_off}

    case.delete()
    again = only_case(customer, now=NOON + DAY)

    assert {name: getattr(again, name) for name in read_off} == before


def test_a_closing_without_a_complaint_is_no_case(customer):
    make_touchpoint(customer, Kind.COMPLAINT_CLOSED, thread="of another system")

    assert rebuild(customer=customer, now=NOON) == []


def _is_unresolved(customer: Customer, now=NOON + HOUR * 3) -> bool:
    assessment = reassess(customer=customer, now=now)
    assert assessment is not None
    return Mark.RECOVERY_FIRST in assessment.marks
