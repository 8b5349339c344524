"""What the database says of a whole shop's answers is what the rule says of each person."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from crm.customers import bulk
from crm.customers.models import Customer, Purchase
from crm.figures.counts import rows
from crm.figures.counts.answers import FEELINGS, values_of
from crm.figures.counts.recommending import latest
from crm.figures.nps import Nps
from crm.figures.periods import Period
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.answers import Answers
from crm.stages.enums import Balance
from crm.stages.reading import Reader
from crm.stages.selectors import histories
from crm.stages.timeline import timeline
from crm.tenancy.door import tenant
from tests.crm.stages.strategies import SMALL

pytestmark = pytest.mark.django_db

BALANCES = {Balance.DISSATISFIED: -1, Balance.SATISFIED: 0, Balance.DELIGHTED: 1}
KINDS = (Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED)
FIRST = date(2026, 3, 1)
PEOPLE = 400


@pytest.fixture
def crowd(shop: Shop) -> list[Customer]:
    """People with answers about an order or two and about none, in a small world where much
    meets: many at midnight, some edited, some a machine's, some too late or of nothing."""
    random = Random(7)
    with tenant(shop):
        people = [Customer(shop=shop, name="山口 佳代") for _ in range(PEOPLE)]
        bulk.insert(people)
        orders = [_order(random, person, place) for person in people for place in (1, 2)]
        bulk.insert(orders)
        facts = [
            _fact(random, person, place, orders[2 * number : 2 * number + 2])
            for number, person in enumerate(people)
            for place in range(random.randint(2, 9))
        ]
        bulk.insert(facts)
        for generation in range(2):  # edits, and edits of edits
            facts = [_edit(random, fact, generation) for fact in facts if random.random() < 0.2]
            bulk.insert(facts)
    return people


def _moment(random: Random, day: int) -> datetime:
    at = datetime(FIRST.year, FIRST.month, FIRST.day, random.choice([0, 4, 14, 15]), tzinfo=UTC)
    return at + timedelta(days=day, seconds=random.choice([0, 0, 59 * 60 + 59]))


def _order(random: Random, person: Customer, place: int) -> Purchase:
    day = random.randint(0, 9)
    delivered = random.choice([None, None, 1, 2, 3])
    return Purchase(
        shop_id=person.shop_id,
        customer=person,
        source="test",
        external_id=f"{person.pk}-{place}",
        currency="JPY",
        ordered_at=_moment(random, day),
        total=100,
        status=random.choice(["placed", "placed", "placed", "cancelled", "sample", "test"]),
        delivered_at=None if delivered is None else _moment(random, day + delivered),
    )


def _fact(random: Random, person: Customer, place: int, orders: list[Purchase]) -> Touchpoint:
    kind = random.choice(["expectation"] * 3 + ["evaluation"] * 3 + ["perceived", "nps"])
    day = {"expectation": random.randint(0, 11), "evaluation": random.randint(2, 14)}
    return Touchpoint(
        shop_id=person.shop_id,
        customer=person,
        kind=kind,
        at=_moment(random, day.get(kind, random.randint(0, 14))),
        source=f"{person.pk}:{place}",
        purchase=random.choice([orders[0], orders[0], orders[1], None]),
        value=_value(random, kind),
        standing=random.choice(["counts"] * 6 + ["shown", "suspected"]),
    )


def _edit(random: Random, fact: Touchpoint, generation: int) -> Touchpoint:
    return Touchpoint(
        shop_id=fact.shop_id,
        customer_id=fact.customer_id,
        kind=fact.kind,
        at=fact.at + timedelta(days=random.randint(-1, 5)),
        source=f"{fact.source}.{generation}",
        purchase_id=fact.purchase_id,
        value=_value(random, fact.kind),
        standing=random.choice(["counts"] * 6 + ["suspected"]),
        replaces=fact,
    )


def _value(random: Random, kind: str) -> Decimal | None:
    values = {"perceived": [-1, 0, 1], "nps": [3, 7, 9]}.get(kind, [2, 5, 6, 8])
    return random.choice([None, *map(Decimal, values * 3)])


def said_by_the_rule(shop: Shop, people: list[Customer], day: date) -> dict[int, Answers]:
    """The answers of each person as crm.stages reads them."""
    found = histories(shop, [person.pk for person in people])
    known = {pk: timeline(one, zone=shop.zone, until=day) for pk, one in found.items()}
    return {pk: Reader(one, settings=SMALL).read(day).answers for pk, one in known.items() if one}


@pytest.mark.parametrize("days", [3, 8, 30])
def test_every_balance_is_the_one_the_rule_finds(shop, crowd, days):
    day = FIRST + timedelta(days=days)
    with tenant(shop):
        expected = [
            (pk, answer.entry.first_at, answer.entry.fact.kind == Kind.EVALUATION,
             BALANCES[answer.balance])
            for pk, answers in said_by_the_rule(shop, crowd, day).items()
            for answer in answers.balances
        ]  # fmt: skip

        found = rows(
            f"{FEELINGS} SELECT customer_id, first_at, is_pair, balance FROM feeling",  # noqa: S608
            values_of(shop, Period(day, 30, shop.zone), KINDS, SMALL),
        )

    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("days", [3, 8, 30])
def test_the_latest_score_of_each_person_is_the_one_the_rule_finds(shop, crowd, days):
    day = FIRST + timedelta(days=days)
    with tenant(shop):
        expected = Nps.of(
            int(answers.nps.fact.value)
            for answers in said_by_the_rule(shop, crowd, day).values()
            if answers.nps
        )

        found = latest(shop, Period(day, 30, shop.zone), SMALL)

    assert Nps(*found) == expected
    assert expected.n > 0


def test_the_crowd_has_pairs_and_comparisons_of_every_balance_and_edits(shop, crowd):
    """Otherwise the tests above would compare little with little."""
    seen: Counter[Any] = Counter()
    with tenant(shop):
        for answers in said_by_the_rule(shop, crowd, FIRST + timedelta(days=30)).values():
            seen.update((one.entry.fact.kind, one.balance) for one in answers.balances)
            seen["edited"] += sum(len(one.entry.versions) > 1 for one in answers.balances)

    assert len(seen) == 7
    assert min(seen.values()) > 10
