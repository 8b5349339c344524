"""Judging customers from the ledger and keeping what changed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.customers.models import Customer
from crm.ledger.enums import Kind, Standing
from crm.ledger.services import set_standing
from crm.shops.models import Shop
from crm.stages.enums import Mark, Stage
from crm.stages.models import (
    AssessmentLog,
    Relationship,
    StageSettings,
)
from crm.stages.selectors import due_customers, histories, lapsing_customers
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2026, 5, 10)

Read = Callable[[Customer], dict[str, Any]]


@pytest.fixture
def inside(shop: Shop) -> Iterator[Shop]:
    with tenant(shop):
        yield shop


@pytest.fixture
def customer(inside: Shop) -> Customer:
    return make_customer(inside)


def test_a_customer_without_facts_stands_nowhere(customer: Customer, stored: Read) -> None:
    assert reassess(customer=customer, now=NOON) is None

    assert stored(customer) == {"spells": []}


def test_what_was_judged_is_kept(customer: Customer, stored: Read) -> None:
    order = make_purchase(customer, ordered_at=NOON - 9 * DAY, total=864_000)
    score = make_touchpoint(customer, Kind.NPS, at=NOON - 2 * DAY, value=8)

    assessment = reassess(customer=customer, now=NOON)

    assert assessment is not None
    row = Relationship.objects.get(customer=customer)
    assert (row.stage, row.peak, row.since_on) == (1, 1, date(2026, 5, 8))
    assert (row.orders, row.spent, row.marks) == (1, 864_000, [])
    assert (row.first_on, row.last_on) == (date(2026, 5, 1), date(2026, 5, 1))
    assert row.gates == {"1": [f"purchase:{order.pk}", f"touchpoint:{score.pk}"]}
    assert row.review_on == date(2026, 5, 8) + 546 * DAY
    assert row.version == assessment.version
    assert stored(customer)["spells"] == [
        (0, date(2026, 5, 1), date(2026, 5, 8)),
        (1, date(2026, 5, 8), None),
    ]


def test_judging_again_writes_nothing(customer: Customer) -> None:
    make_purchase(customer)
    reassess(customer=customer, now=NOON)

    with CaptureQueriesContext(connection) as queries:
        reassess(customer=customer, now=NOON + DAY)

    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_a_new_row_is_logged_only_when_stage_mark_or_evidence_changes(
    customer: Customer,
) -> None:
    make_purchase(customer, ordered_at=NOON)
    make_purchase(customer, ordered_at=NOON + DAY)
    reassess(customer=customer, now=NOON + DAY)
    make_touchpoint(customer, Kind.NPS, at=NOON + DAY, value=3)  # changes nothing

    reassess(customer=customer, now=NOON + DAY)
    assert AssessmentLog.objects.filter(customer=customer).count() == 1

    make_touchpoint(customer, Kind.COMPLAINT, at=NOON + DAY)
    reassess(customer=customer, now=NOON + DAY)

    logged = list(AssessmentLog.objects.filter(customer=customer).order_by("id"))
    assert [row.marks for row in logged] == [[], [Mark.RECOVERY_FIRST]]
    assert logged[1].gates["next"] == [[["resolution", "1"]]]
    assert logged[1].facts["is_unresolved"] is True
    assert logged[1].facts["last_purchase_on"] == "2026-05-11"


def test_late_facts_lead_to_the_same_end_as_if_they_had_come_in_time(
    inside: Shop, stored: Read
) -> None:
    """A late order, a late cancellation and an edited answer, in any order of arrival."""

    def order(customer: Customer) -> None:
        make_purchase(customer, ordered_at=NOON - 50 * DAY)

    def cancellation(customer: Customer) -> None:
        cancelled = make_purchase(customer, ordered_at=NOON - 70 * DAY)
        reassess(customer=customer, now=NOON)
        cancelled.status, cancelled.voided_at = "cancelled", NOON - 30 * DAY
        cancelled.save()

    def edit(customer: Customer) -> None:
        first = make_touchpoint(customer, Kind.PERCEIVED, at=NOON - 40 * DAY, value=0)
        reassess(customer=customer, now=NOON)
        make_touchpoint(customer, Kind.PERCEIVED, at=NOON - 20 * DAY, value=-1, replaces=first)

    ends = []
    for arrival in permutations([order, cancellation, edit]):
        customer = make_customer(inside)
        for arrive in arrival:
            arrive(customer)
            reassess(customer=customer, now=NOON)
        ends.append({**stored(customer), "customer_id": None, "gates": None})

    assert all(end == ends[0] for end in ends)
    assert [stage for stage, _, _ in ends[0]["spells"]] == [0, 1, 0]


def test_a_letter_marked_personal_moves_the_stage_and_back(customer: Customer) -> None:
    reply = make_touchpoint(
        customer, Kind.REPLY, text="いつも美味しくいただいております。母も喜んでおりました。"
    )
    stages = []
    for standing in (Standing.SHOWN, Standing.COUNTS, Standing.SHOWN):
        set_standing(touchpoint=reply, standing=standing)
        assessment = reassess(customer=customer, now=NOON)
        assert assessment is not None
        stages.append(assessment.stage)

    assert stages == [Stage.OBSERVER, Stage.EMPATHY, Stage.OBSERVER]


def test_who_lost_all_facts_stands_nowhere_any_more(inside: Shop, stored: Read) -> None:
    gone, heir = make_customer(inside), make_customer(inside)
    order = make_purchase(gone)
    reassess(customer=gone, now=NOON)

    order.customer = heir
    order.save()
    reassess(customer=gone, now=NOON)

    assert stored(gone) == {"spells": []}
    assert AssessmentLog.objects.filter(customer=gone).exists()


def test_a_referral_counts_by_the_purchases_of_the_person_referred(inside: Shop) -> None:
    customer, friend = make_customer(inside), make_customer(inside)
    make_touchpoint(customer, Kind.REFERRAL, other_customer=friend)
    reassess(customer=customer, now=NOON)
    assert Relationship.objects.get(customer=customer).stage == Stage.OBSERVER

    make_purchase(friend)
    assessment = reassess(customer=customer, now=NOON)

    assert assessment is not None
    assert assessment.facts.passes == 1


def test_a_referral_of_somebody_merged_away_is_one_of_whom_they_became(inside: Shop) -> None:
    customer, heir = make_customer(inside), make_customer(inside)
    friend = make_customer(inside, merged_into=heir)
    make_purchase(heir)
    passes = []
    for other, at in ((friend, NOON - 2 * DAY), (heir, NOON - DAY)):
        make_touchpoint(customer, Kind.REFERRAL, other_customer=other, at=at)
        assessment = reassess(customer=customer, now=NOON)
        assert assessment is not None
        passes.append(assessment.facts.passes)

    assert passes == [1, 1]


def test_another_currency_than_the_shops_is_flagged(customer: Customer) -> None:
    make_purchase(customer, currency="USD")

    assessment = reassess(customer=customer, now=NOON)

    assert assessment is not None
    assert (assessment.facts.foreign_orders, assessment.facts.spent) == (1, 0)


def test_the_shops_own_numbers_are_used(customer: Customer) -> None:
    StageSettings.objects.create(shop=customer.shop, numbers={"landing_purchase_days": 1})
    make_purchase(customer)

    assessment = reassess(customer=customer, now=NOON)

    assert assessment is not None
    assert assessment.stage == Stage.LANDING


def test_the_day_is_the_shops(customer: Customer) -> None:
    late_evening = NOON + timedelta(hours=11, minutes=59)  # 23:59 in Tokyo
    make_purchase(customer, ordered_at=late_evening)

    assessment = reassess(customer=customer, now=late_evening + timedelta(minutes=2))

    assert assessment is not None
    assert assessment.facts.recency_days == 1


def test_many_customers_are_read_by_as_many_queries_as_one(inside: Shop) -> None:
    def queries_for(count: int) -> int:
        people = [make_customer(inside) for _ in range(count)]
        for person in people:
            make_purchase(person)
            make_touchpoint(person, Kind.REFERRAL, other_customer=people[0])
        with CaptureQueriesContext(connection) as queries:
            histories(inside, [person.pk for person in people])
        return len(queries)

    assert queries_for(1) == queries_for(3)


def test_who_is_due_is_found_by_the_day(inside: Shop) -> None:
    stalls = make_customer(inside)
    make_purchase(stalls)
    reassess(customer=stalls, now=NOON)
    never_judged = make_customer(inside)
    merged = make_customer(inside, merged_into=stalls)

    def due(day: date) -> list[set[int]]:
        return [
            set(select(inside.pk, day).values_list("pk", flat=True))
            for select in (lapsing_customers, due_customers)
        ]

    for column in ("review_on", "remark_on", "turn_on"):
        days = {"review_on": None, "remark_on": None, "turn_on": None, column: TODAY + DAY}
        Relationship.objects.update(**days)
        assert due(TODAY) == [set(), {never_judged.pk}]
        assert due(TODAY + DAY) == [{stalls.pk}, {stalls.pk, never_judged.pk}]
    assert merged.pk not in due(TODAY + 999 * DAY)[1]


@pytest.mark.parametrize("field", ["stage", "peak"])
def test_the_database_knows_five_stages(customer: Customer, field: str) -> None:
    make_purchase(customer)
    reassess(customer=customer, now=NOON)

    with pytest.raises(IntegrityError, match="relationship_"), transaction.atomic():
        Relationship.objects.update(**{field: 5})
    with pytest.raises(IntegrityError, match="relationship_marks"), transaction.atomic():
        Relationship.objects.update(marks=["vip"])


def test_what_was_believed_cannot_be_changed(customer: Customer) -> None:
    make_purchase(customer)
    reassess(customer=customer, now=NOON)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AssessmentLog.objects.update(stage=4)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_wait_for_each_other_and_a_new_order_for_neither(shop: Shop) -> None:
    with tenant(shop):
        customer = make_customer(shop)
        make_purchase(customer)
        reassess(customer=customer, now=NOON)

    def meanwhile(act: Callable[[], object]) -> None:
        try:
            with tenant(shop), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                act()
        finally:
            connection.close()

    with tenant(shop), ThreadPoolExecutor(1) as another:
        reassess(customer=customer, now=NOON)
        order = another.submit(meanwhile, lambda: make_purchase(customer))
        review = another.submit(meanwhile, lambda: reassess(customer=customer, now=NOON))

        order.result()
        with pytest.raises(OperationalError, match="lock timeout"):
            review.result()
