from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crm.stages.facts import Fact, History, Purchase
from crm.stages.timeline import NEVER, plus, timeline
from tests.crm.stages.builders import START, TOKYO, assessed, at, fact, history, on, purchase


def _first_day(moment: datetime, zone: ZoneInfo) -> date:
    known = timeline(
        History((Purchase(id=1, at=moment, total=1),)), zone=zone, until=date(2030, 1, 1)
    )
    assert known is not None
    return known.days[0]


def test_a_day_is_the_shops_day() -> None:
    moment = datetime(2025, 3, 9, 15, 0, tzinfo=UTC)

    assert _first_day(moment, TOKYO) == date(2025, 3, 10)
    assert _first_day(moment, ZoneInfo("America/New_York")) == date(2025, 3, 9)


def test_midnight_begins_the_new_day() -> None:
    midnight = datetime(2025, 3, 10, tzinfo=TOKYO)

    assert _first_day(midnight, TOKYO) == date(2025, 3, 10)


def test_a_day_of_25_hours_is_one_day() -> None:
    new_york = ZoneInfo("America/New_York")
    last = datetime(2025, 11, 2, 23, 30, tzinfo=new_york)

    assert _first_day(last, new_york) == date(2025, 11, 2)


def test_a_fact_after_the_day_does_not_exist() -> None:
    known = timeline(history(purchase(0), purchase(3)), zone=TOKYO, until=on(2))

    assert known is not None
    assert known.days == (on(0),)


def test_nothing_known_is_no_timeline() -> None:
    assert timeline(history(purchase(3)), zone=TOKYO, until=on(2)) is None


def test_a_test_order_and_a_machines_answer_are_not_known_at_all() -> None:
    facts = history(purchase(0, status="test"), fact("nps", 0, value=9, standing="suspected"))

    assert timeline(facts, zone=TOKYO, until=on(9)) is None


def test_what_was_taken_back_was_never_there() -> None:
    slip = fact("letter", 0, standing="withdrawn", words_len=30, words_is_ja=True)

    assert timeline(history(slip), zone=TOKYO, until=on(9)) is None
    assert assessed(9, slip, purchase(3)).spells[0].from_on == on(3)


def test_a_cancellation_counts_from_its_own_moment() -> None:
    order = purchase(0, status="cancelled", voided_at=at(5))

    assert assessed(4, order).facts.orders == 1
    assert assessed(5, order).facts.orders == 0


def test_a_cancellation_of_unknown_moment_counts_from_the_orders() -> None:
    assert assessed(0, purchase(0, status="cancelled")).facts.orders == 0
    assert assessed(0, purchase(0, status="returned")).facts.orders == 0


def test_a_void_moment_alone_voids() -> None:
    assert assessed(5, purchase(0, voided_at=at(5))).facts.orders == 0


def test_a_full_refund_ends_a_purchase_on_its_own_day() -> None:
    order = purchase(0, total=100, refunded=100, refunded_at=at(5))

    assert assessed(4, order).facts.orders == 1
    assert assessed(5, order).facts.orders == 0


def test_an_edit_stands_where_the_answer_was_first_given() -> None:
    first = fact("nps", 0, value=3)
    edited = fact("nps", 10, value=10, replaces_id=first.id)

    assert assessed(9, first, edited).facts.nps == 3
    assert assessed(10, first, edited).facts.nps == 10
    assert assessed(365, first, edited).facts.nps == 10
    assert assessed(366, first, edited).facts.nps is None  # its window runs from day 0


def test_an_edit_by_a_machine_leaves_the_answer_as_it_was() -> None:
    first = fact("nps", 0, value=9)
    edited = fact("nps", 1, value=0, replaces_id=first.id, standing="suspected")

    assert assessed(2, first, edited).facts.nps == 9


def test_an_edit_of_a_machines_answer_stands_for_itself() -> None:
    machine = fact("nps", 0, value=0, standing="suspected")
    person = fact("nps", 3, value=9, replaces_id=machine.id)

    found = assessed(5, machine, person)

    assert found.facts.nps == 9
    assert found.stage_since == on(3)


def test_an_edit_at_the_moment_of_the_answer_comes_after_it() -> None:
    first = fact("nps", 0, value=3, source="z")
    edited = fact("nps", 0, value=9, source="a", replaces_id=first.id)

    assert assessed(0, edited, first).facts.nps == 9


def test_of_two_edits_the_later_counts() -> None:
    first = fact("nps", 0, value=1)
    second = fact("nps", 1, value=2, replaces_id=first.id)
    third = fact("nps", 2, value=3, replaces_id=second.id)

    assert [assessed(day, first, second, third).facts.nps for day in (0, 1, 2)] == [1, 2, 3]


def test_the_calendar_ends_with_never() -> None:
    assert plus(START, 1) == on(1)
    assert plus(date(9999, 12, 30), 5) == NEVER


def test_a_touchpoint_that_is_only_shown_is_known_but_counts_for_nothing() -> None:
    found = assessed(0, Fact(1, "inquiry", at(0), "s", words_len=99, standing="shown"))

    assert found.facts.words == 0
    assert found.stage_since == on(0)
