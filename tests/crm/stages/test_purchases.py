from collections.abc import Sequence

import pytest

from crm.stages.facts import Purchase
from crm.stages.purchases import rhythm
from crm.stages.rule_settings import RuleSettings
from crm.stages.yardsticks import Yardstick
from tests.crm.stages.builders import SETTINGS, assessed, at, fact, on, purchase


def _renewals(days: Sequence[float], agreed: int | None = None) -> list[Purchase]:
    return [purchase(day, subscription_id="T1", subscription_agreed=agreed) for day in days]


@pytest.mark.parametrize("status", ["placed", "paid", "shipped", "delivered"])
def test_an_order_counts_paid_or_not(status: str) -> None:
    assert assessed(0, purchase(0, status=status)).facts.orders == 1


@pytest.mark.parametrize("status", ["cancelled", "returned", "sample"])
def test_what_is_no_purchase_does_not_count(status: str) -> None:
    assert assessed(0, purchase(0, status=status)).facts.orders == 0


def test_an_order_of_nothing_counts_in_orders() -> None:
    found = assessed(0, purchase(0, total=0))

    assert (found.facts.orders, found.facts.spent) == (1, 0)


def test_an_order_of_nothing_with_a_refund_is_refunded_in_full() -> None:
    assert assessed(0, purchase(0, total=0, refunded=1)).facts.orders == 0


def test_a_refund_beyond_the_total_is_one_in_full() -> None:
    assert assessed(0, purchase(0, total=100, refunded=101)).facts.orders == 0


def test_two_orders_on_one_day_are_two_orders_and_one_decision() -> None:
    found = assessed(0, purchase(0), purchase(0.1))

    assert (found.facts.orders, found.facts.purchase_days) == (2, 1)


def test_spent_is_less_by_a_partial_refund_from_its_moment_on() -> None:
    order = purchase(0, total=1000, refunded=300, refunded_at=at(5))

    assert assessed(4, order).facts.spent == 1000
    assert assessed(5, order).facts.spent == 700


def test_a_partial_refund_of_unknown_moment_counts_from_the_order() -> None:
    assert assessed(0, purchase(0, total=1000, refunded=300)).facts.spent == 700


def test_another_currency_is_flagged_and_left_out_of_spent() -> None:
    found = assessed(0, purchase(0, total=1000), purchase(0, total=50, is_foreign=True))

    assert (found.facts.orders, found.facts.foreign_orders, found.facts.spent) == (2, 1, 1000)


def test_dates_are_of_valid_purchases_of_all_time() -> None:
    found = assessed(
        1000, purchase(0, status="cancelled"), purchase(10), purchase(200), purchase(300, total=0)
    )

    facts = found.facts
    assert (facts.first_purchase_on, facts.last_purchase_on) == (on(10), on(300))
    assert (facts.tenure_days, facts.recency_days) == (290, 700)


def test_one_day_of_buying_is_a_tenure_of_nothing() -> None:
    assert assessed(5, purchase(0)).facts.tenure_days == 0


def test_without_purchases_there_are_no_dates() -> None:
    facts = assessed(0, fact("event", 0)).facts

    assert (facts.first_purchase_on, facts.tenure_days, facts.recency_days) == (None, None, None)


def test_renewals_of_one_contract_are_one_decision_on_its_first_day() -> None:
    found = assessed(99, *_renewals([0, 30, 60]))

    assert (found.facts.orders, found.facts.purchase_days) == (3, 1)


def test_the_renewal_past_three_is_a_second_decision() -> None:
    renewals = _renewals([0, 30, 60, 90, 120, 150])

    assert assessed(89, *renewals).facts.purchase_days == 1
    assert assessed(90, *renewals).facts.purchase_days == 2
    assert assessed(150, *renewals).facts.purchase_days == 2


@pytest.mark.parametrize(("agreed", "decided_again_on"), [(0, 30), (1, 30), (2, 60), (5, 150)])
def test_the_agreed_count_is_the_contracts(agreed: int, decided_again_on: int) -> None:
    renewals = _renewals([0, 30, 60, 90, 120, 150], agreed=agreed)

    assert assessed(decided_again_on - 1, *renewals).facts.purchase_days == 1
    assert assessed(decided_again_on, *renewals).facts.purchase_days == 2


def test_a_cancelled_renewal_does_not_count_towards_the_agreed_ones() -> None:
    cancelled = purchase(10, subscription_id="T1", status="cancelled")

    assert assessed(90, cancelled, *_renewals([0, 30, 60, 90])).facts.purchase_days == 2
    assert assessed(89, cancelled, *_renewals([0, 30, 60, 90])).facts.purchase_days == 1


def test_two_contracts_and_a_plain_order_are_three_decisions() -> None:
    other = purchase(5, subscription_id="T2")

    assert assessed(99, *_renewals([0, 30]), other, purchase(7)).facts.purchase_days == 3


def test_the_rhythm_is_the_own_median_gap_from_three_days_on() -> None:
    orders = [purchase(day) for day in (0, 40, 100, 100)]

    assert assessed(100, *orders[:2]).facts.rhythm_days == 90
    assert assessed(100, *orders).facts.rhythm_days == 50


def test_the_rhythm_keeps_halves() -> None:
    orders = [purchase(day) for day in (0, 40, 81)]

    assert assessed(81, *orders).facts.rhythm_days == 40.5


def test_without_an_own_rhythm_the_shops_counts() -> None:
    found = assessed(0, purchase(0), yardstick=Yardstick(rhythm_days=52.75))

    assert found.facts.rhythm_days == 52.75


@pytest.mark.parametrize("own", [1.0, 29.5])
def test_the_rhythm_is_never_under_thirty(own: float) -> None:
    assert rhythm(own, of_shop=50, settings=SETTINGS) == 30
    assert rhythm(None, of_shop=own, settings=SETTINGS) == 30


def test_every_number_of_the_rhythm_is_a_setting() -> None:
    settings = RuleSettings(rhythm_default=40, rhythm_floor=5)

    assert rhythm(None, of_shop=None, settings=settings) == 40
    assert rhythm(6, of_shop=None, settings=settings) == 6
