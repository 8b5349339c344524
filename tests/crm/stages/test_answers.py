from decimal import Decimal

import pytest

from crm.stages.answers import balance_of
from crm.stages.enums import Balance
from tests.crm.stages.builders import assessed, at, fact, on, pair, purchase


@pytest.mark.parametrize(
    ("gap", "balance"),
    [
        ("-1.01", Balance.DISSATISFIED),
        ("-1", Balance.SATISFIED),
        ("0", Balance.SATISFIED),
        ("1.0", Balance.SATISFIED),
        ("1.01", Balance.DELIGHTED),
    ],
)
def test_equal_is_a_band(gap: str, balance: Balance) -> None:
    assert balance_of(Decimal(gap), tolerance=Decimal("1.0")) is balance


def test_a_gap_in_tenths_is_not_lost_in_binary_fractions() -> None:
    order = purchase(0)

    assert assessed(9, order, *pair(9, order, 6.1, 7.1)).facts.balance == Balance.SATISFIED


@pytest.mark.parametrize(
    ("value", "balance"),
    [(-1, Balance.DISSATISFIED), (0, Balance.SATISFIED), (1, Balance.DELIGHTED)],
)
def test_a_perceived_answer_compares_by_itself(value: int, balance: Balance) -> None:
    order = purchase(0)

    found = assessed(9, order, fact("perceived", 5, purchase_id=order.id, value=value))

    assert found.facts.balance == balance


def test_a_valid_pair_takes_the_place_of_a_perceived_answer() -> None:
    order = purchase(0)
    perceived = fact("perceived", 9, purchase_id=order.id, value=-1)

    assert assessed(9, order, perceived).facts.balance == Balance.DISSATISFIED
    assert assessed(9, order, perceived, *pair(5, order, 5, 9)).facts.balance == Balance.DELIGHTED


def test_an_evaluation_alone_is_no_balance() -> None:
    order = purchase(0)

    found = assessed(9, order, fact("evaluation", 5, purchase_id=order.id, value=9))

    assert found.facts.balance is None
    assert found.facts.delights == 0


def test_a_pair_is_about_one_purchase() -> None:
    first, second = purchase(0), purchase(1)
    expectation, _ = pair(5, first, 5, 9)
    _, evaluation = pair(5, second, 5, 9)

    assert assessed(9, first, second, expectation, evaluation).facts.balance is None


@pytest.mark.parametrize(("asked", "is_valid"), [(3.9, True), (4, False), (4.1, False)])
def test_an_expectation_is_given_before_delivery(asked: float, is_valid: bool) -> None:
    order = purchase(0, delivered_at=at(4))
    expectation = fact("expectation", asked, purchase_id=order.id, value=5)
    evaluation = fact("evaluation", 8, purchase_id=order.id, value=5)

    found = assessed(9, order, expectation, evaluation)

    assert (found.facts.balance == Balance.SATISFIED) == is_valid


@pytest.mark.parametrize(("asked", "is_valid"), [(3.4, True), (3.6, False)])
def test_while_delivery_is_unknown_it_is_given_within_three_days(
    asked: float, is_valid: bool
) -> None:
    order = purchase(0)
    expectation = fact("expectation", asked, purchase_id=order.id, value=5)
    evaluation = fact("evaluation", 8, purchase_id=order.id, value=5)

    found = assessed(9, order, expectation, evaluation)

    assert (found.facts.balance == Balance.SATISFIED) == is_valid


def test_a_delivery_yet_to_come_is_unknown() -> None:
    order = purchase(0, delivered_at=at(20))
    expectation = fact("expectation", 5, purchase_id=order.id, value=5)
    evaluation = fact("evaluation", 8, purchase_id=order.id, value=5)

    assert assessed(19, order, expectation, evaluation).facts.balance is None
    assert assessed(20, order, expectation, evaluation).facts.balance == Balance.SATISFIED


def test_an_expectation_is_given_before_the_evaluation() -> None:
    order = purchase(0)
    evaluation = fact("evaluation", 1, purchase_id=order.id, value=5)
    expectation = fact("expectation", 1, purchase_id=order.id, value=5)

    assert assessed(9, order, evaluation, expectation).facts.balance is None


def test_before_the_order_exists_nothing_is_said_about_it() -> None:
    order = purchase(5)
    expectation = fact("expectation", 0, purchase_id=order.id, value=9)
    evaluation = fact("evaluation", 1, purchase_id=order.id, value=5)

    found = assessed(9, order, expectation, evaluation)

    assert found.facts.balance == Balance.DISSATISFIED
    assert found.unresolved_since == on(5)


def test_of_two_expectations_in_time_the_later_counts() -> None:
    order = purchase(0)
    first, evaluation = pair(8, order, 8, 5)
    second = fact("expectation", 2, purchase_id=order.id, value=5)
    too_late = fact("expectation", 7, purchase_id=order.id, value=9)

    found = assessed(9, order, too_late, second, first, evaluation)

    assert found.facts.balance == Balance.SATISFIED


def test_an_expectation_edited_too_late_keeps_what_it_said_in_time() -> None:
    order = purchase(0, delivered_at=at(4))
    expectation, evaluation = pair(8, order, 8, 5)
    lowered = fact("expectation", 6, purchase_id=order.id, value=5, replaces_id=expectation.id)

    found = assessed(9, order, expectation, evaluation, lowered)

    assert found.facts.balance == Balance.DISSATISFIED


def test_an_expectation_edited_in_time_counts_as_edited() -> None:
    order = purchase(0, delivered_at=at(4))
    expectation, evaluation = pair(8, order, 8, 5)
    lowered = fact("expectation", 2, purchase_id=order.id, value=5, replaces_id=expectation.id)

    found = assessed(9, order, expectation, evaluation, lowered)

    assert found.facts.balance == Balance.SATISFIED


def test_an_evaluation_edited_has_its_new_value_from_the_edit_on() -> None:
    order = purchase(0)
    expectation, evaluation = pair(5, order, 5, 5)
    raised = fact("evaluation", 12, purchase_id=order.id, value=9, replaces_id=evaluation.id)

    facts = [expectation, evaluation, raised]

    assert assessed(11, order, *facts).facts.balance == Balance.SATISFIED
    assert assessed(12, order, *facts).facts.balance == Balance.DELIGHTED


def test_the_latest_answer_is_the_latest_by_first_submission() -> None:
    first, second = purchase(0), purchase(1)
    early, late = pair(5, first, 5, 5), pair(6, second, 5, 9)
    edit = fact("evaluation", 9, purchase_id=first.id, value=0, replaces_id=early[1].id)

    found = assessed(9, first, second, *early, *late, edit)

    assert found.facts.balance == Balance.DELIGHTED


def test_at_one_moment_the_later_order_is_the_latest() -> None:
    first, second = purchase(0), purchase(1)
    answers = [*pair(6, second, 5, 9), *pair(6, first, 5, 5)]

    assert assessed(9, first, second, *answers).facts.balance == Balance.DELIGHTED


def test_at_one_moment_about_one_hour_the_source_decides() -> None:
    first, second = purchase(0), purchase(0)
    a = fact("perceived", 6, purchase_id=second.id, value=1, source="a")
    b = fact("perceived", 6, purchase_id=first.id, value=0, source="b")

    assert assessed(9, first, second, a, b).facts.balance == Balance.SATISFIED


def test_an_answer_counts_inside_365_days() -> None:
    order = purchase(0)
    answers = pair(5, order, 5, 5)

    assert assessed(370, order, *answers).facts.balance == Balance.SATISFIED
    assert assessed(371, order, *answers).facts.balance is None


def test_a_machines_answer_never_counts() -> None:
    order = purchase(0)
    expectation, _ = pair(5, order, 5, 9)
    machine = fact("evaluation", 5, purchase_id=order.id, value=9, standing="suspected")

    assert assessed(9, order, expectation, machine).facts.balance is None


def test_delights_are_counted_one_per_purchase() -> None:
    orders = [purchase(day) for day in (0, 10, 20)]
    answers = [
        *pair(5, orders[0], 5, 9),
        *pair(15, orders[1], 5, 5),
        fact("perceived", 25, purchase_id=orders[2].id, value=1),
        fact("perceived", 26, purchase_id=orders[2].id, value=1),
    ]

    assert assessed(30, *orders, *answers).facts.delights == 2
    assert assessed(371, *orders, *answers).facts.delights == 1


def test_nps_is_the_latest_score_and_counts_alone() -> None:
    scores = [fact("nps", 0, value=9), fact("nps", 5, value=4)]

    assert assessed(3, *scores).facts.nps == 9
    assert assessed(5, *scores).facts.nps == 4


def test_at_one_moment_the_source_decides_between_scores() -> None:
    scores = [fact("nps", 0, value=9, source="b"), fact("nps", 0, value=4, source="a")]

    assert assessed(0, *scores).facts.nps == 9


def test_recovered_is_the_best_recovery_inside_the_window() -> None:
    met, exceeded, below = (
        fact("recovery", day, value=value) for day, value in ((0, 0), (10, 1), (20, -1))
    )

    assert assessed(5, met, exceeded, below).facts.recovered == "met"
    assert assessed(25, met, exceeded, below).facts.recovered == "exceeded"
    assert assessed(376, met, exceeded, below).facts.recovered is None
    assert assessed(0, fact("recovery", 0, value=-1)).facts.recovered is None
