import pytest

from crm.stages.enums import Mark
from crm.stages.facts import Fact
from tests.crm.stages.builders import assessed, fact, on, pair, purchase, review


def _is_unresolved(day: int, *things: object) -> bool:
    found = assessed(day, *things)  # type: ignore[arg-type]
    assert found.facts.is_unresolved == (Mark.RECOVERY_FIRST in found.marks)
    assert found.facts.is_unresolved == (found.unresolved_since is not None)
    return found.facts.is_unresolved


def _case(*moves: tuple[str, float], thread: str = "case:1") -> list[Fact]:
    kinds = {"open": "complaint", "close": "complaint_closed", "reopen": "complaint_reopened"}
    return [fact(kinds[move], day, thread=thread) for move, day in moves]


def test_a_complaint_is_unresolved_until_it_is_closed() -> None:
    case = _case(("open", 5), ("close", 20))

    assert [_is_unresolved(day, purchase(0), case) for day in (4, 5, 19, 20)] == [
        False,
        True,
        True,
        False,
    ]


def test_an_open_complaint_does_not_run_out() -> None:
    assert _is_unresolved(3000, purchase(0), _case(("open", 5)))


def test_an_answer_that_runs_out_leaves_the_complaint_open() -> None:
    bad = fact("perceived", 5, value=-1)

    assert _is_unresolved(1000, purchase(0), bad, _case(("open", 5)))


def test_reopening_starts_a_new_interval() -> None:
    case = _case(("open", 5), ("close", 20), ("reopen", 40))

    found = assessed(45, purchase(0), case)

    assert found.unresolved_since == on(40)


def test_closing_one_case_leaves_the_other_open() -> None:
    other = _case(("open", 6), thread="case:2")

    found = assessed(30, purchase(0), _case(("open", 5), ("close", 20)), other)

    assert found.unresolved_since == on(5)  # overlapping causes are one interval
    assert found.unresolved_refs == (other[0].ref,)


def test_a_complaint_without_a_thread_is_closed_by_its_source() -> None:
    opened = fact("complaint", 5, source="phone:3")

    assert not _is_unresolved(9, opened, fact("complaint_closed", 8, thread="phone:3"))
    assert _is_unresolved(9, opened, fact("complaint_closed", 8, thread="phone:4"))


def test_at_one_moment_a_case_is_opened_closed_and_then_reopened() -> None:
    assert not _is_unresolved(5, _case(("close", 5), ("open", 5)))
    assert _is_unresolved(5, _case(("reopen", 5), ("close", 5), ("open", 5)))


@pytest.mark.parametrize(("stars", "opens"), [(1, True), (2, True), (3, False)])
def test_a_review_of_two_stars_or_less_opens_a_complaint(stars: int, opens: bool) -> None:
    assert _is_unresolved(0, review(0, stars)) is opens
    assert _is_unresolved(0, review(0, stars, words_len=0, is_rewarded=True)) is opens


def test_a_review_is_a_complaint_instead_of_words_or_an_act() -> None:
    found = assessed(0, review(0, 2, words_len=99, is_public=True))

    assert (found.facts.words, found.facts.acts, found.stage) == (0, 0, 0)


def test_a_review_edited_to_praise_is_no_complaint_any_more() -> None:
    bad = review(0, 1)
    good = review(10, 5, replaces_id=bad.id)

    assert _is_unresolved(9, bad, good)
    assert not _is_unresolved(10, bad, good)


def test_a_case_closed_stays_closed_when_its_bad_review_is_reworded() -> None:
    bad = review(0, 1, source="r:1")
    closed = fact("complaint_closed", 5, thread="r:1")
    worse = review(10, 2, replaces_id=bad.id)

    assert not _is_unresolved(11, bad, closed, worse)


def test_an_nps_score_alone_starts_nothing() -> None:
    assert not _is_unresolved(0, fact("nps", 0, value=0))


@pytest.mark.parametrize(("value", "starts"), [(-1, True), (0, False), (1, False)])
def test_a_recovery_below_the_band_starts_one(value: int, starts: bool) -> None:
    assert _is_unresolved(0, fact("recovery", 0, value=value)) is starts


def test_a_dissatisfied_answer_runs_out_after_545_days() -> None:
    order = purchase(0)
    answer = fact("perceived", 5, purchase_id=order.id, value=-1)

    assert _is_unresolved(5 + 544, order, answer)
    assert not _is_unresolved(5 + 545, order, answer)


@pytest.mark.parametrize(("kind", "value"), [("recovery", 0), ("recovery", 1), ("perceived", 0)])
def test_a_good_answer_afterwards_ends_it(kind: str, value: int) -> None:
    order, next_order = purchase(0), purchase(1)
    bad = fact("perceived", 5, purchase_id=order.id, value=-1)
    good = fact(kind, 9, purchase_id=next_order.id, value=value)

    assert _is_unresolved(8, order, next_order, bad, good)
    assert not _is_unresolved(9, order, next_order, bad, good)


def test_a_pair_in_the_band_ends_it() -> None:
    order, next_order = purchase(0), purchase(6)
    bad = pair(5, order, 8, 2)

    assert not _is_unresolved(12, order, next_order, bad, pair(12, next_order, 5, 5))


@pytest.mark.parametrize("day", [4, 5])
def test_a_good_answer_before_or_at_the_moment_ends_nothing(day: int) -> None:
    order, next_order = purchase(0), purchase(1)
    bad = fact("perceived", 5, purchase_id=order.id, value=-1)
    good = fact("perceived", day, purchase_id=next_order.id, value=1)

    assert _is_unresolved(9, order, next_order, bad, good)


def test_decisions_to_buy_on_two_later_days_end_it() -> None:
    bad = fact("perceived", 5, value=-1)
    same_day, once, again = purchase(5.1), purchase(8), purchase(9)

    assert _is_unresolved(8, bad, same_day, once, again)
    assert not _is_unresolved(9, bad, same_day, once, again)


def test_renewals_are_no_decisions_and_end_nothing() -> None:
    renewals = [purchase(day, subscription_id="T") for day in (0, 30, 60)]

    assert _is_unresolved(70, fact("perceived", 5, value=-1), *renewals)


def test_a_good_answer_does_not_close_a_complaint() -> None:
    assert _is_unresolved(30, _case(("open", 5)), fact("recovery", 10, value=1))


def test_it_ends_only_when_both_complaint_and_answer_are_settled() -> None:
    bad = fact("perceived", 5, value=-1)
    case = _case(("open", 7), ("close", 9))

    assert _is_unresolved(10, bad, case)
    assert assessed(10, bad, case).unresolved_since == on(5)
    assert not _is_unresolved(12, bad, case, fact("recovery", 12, value=0))


def test_who_edits_a_good_answer_into_a_bad_one_is_dissatisfied_from_then_on() -> None:
    good = fact("perceived", 5, value=0)
    bad = fact("perceived", 20, value=-1, replaces_id=good.id)
    between = [purchase(8), purchase(9), fact("recovery", 10, value=0)]

    assert not _is_unresolved(19, good, bad, *between)
    assert assessed(20, good, bad, *between).unresolved_since == on(20)
    assert _is_unresolved(20 + 544, good, bad, *between)
    assert not _is_unresolved(20 + 545, good, bad, *between)


def test_a_bad_answer_reworded_was_voiced_when_it_was_first_given() -> None:
    bad = fact("perceived", 5, value=-1)
    reworded = fact("perceived", 20, value=-1, replaces_id=bad.id)

    assert not _is_unresolved(21, bad, reworded, fact("recovery", 10, value=0))


def test_who_takes_a_bad_answer_back_is_not_dissatisfied_any_more() -> None:
    bad = fact("perceived", 5, value=-1)
    good = fact("perceived", 9, value=0, replaces_id=bad.id)

    assert _is_unresolved(8, bad, good)
    assert not _is_unresolved(9, bad, good)


def test_a_purchase_cancelled_settles_nothing_any_more() -> None:
    bad = fact("perceived", 5, value=-1)
    cancelled = purchase(9, voided_at=purchase(20).at)

    assert not _is_unresolved(19, bad, purchase(8), cancelled)
    assert assessed(20, bad, purchase(8), cancelled).unresolved_since == on(20)
