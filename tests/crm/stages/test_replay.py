from datetime import date

from crm.stages.enums import Stage
from crm.stages.facts import History
from crm.stages.replay import Spell, replay
from tests.crm.stages.builders import SETTINGS, TOKYO, assessed, at, fact, letter, on, purchase

SHARE = {"is_public": True}
FAN = [fact("share", 0, **SHARE), fact("share", 30, **SHARE)]  # Circulation on day 30


def _stages(days: tuple[int, ...], *things: object) -> list[int]:
    return [assessed(day, *things).stage for day in days]  # type: ignore[arg-type]


def test_nobody_stands_anywhere_before_the_first_fact() -> None:
    found = replay(History((purchase(5),)), zone=TOKYO, settings=SETTINGS, as_of=on(4))

    assert found is None


def test_an_observer_stands_there_since_the_first_fact() -> None:
    found = assessed(9, purchase(2, status="cancelled"))

    assert (found.stage, found.stage_since) == (Stage.OBSERVER, on(2))


def test_the_stay_begins_with_the_day_the_stage_was_reached() -> None:
    found = assessed(40, letter(3), letter(20))

    assert (found.stage, found.stage_since) == (Stage.EMPATHY, on(3))


def test_spells_tell_the_whole_way() -> None:
    found = assessed(800, purchase(0), purchase(10), letter(20))

    assert found.spells == (
        Spell(Stage.OBSERVER, on(0), on(10)),
        Spell(Stage.LANDING, on(10), on(20)),
        Spell(Stage.EMPATHY, on(20), on(20 + 546)),
        Spell(Stage.LANDING, on(20 + 546), on(10 + 731)),
        Spell(Stage.OBSERVER, on(10 + 731), None),
    )
    assert found.peak == Stage.EMPATHY


def test_several_stages_may_be_reached_in_one_day() -> None:
    found = assessed(0, purchase(0), letter(0))

    assert found.spells == (Spell(Stage.EMPATHY, on(0), None),)


def test_a_stage_is_gained_inside_365_days_and_kept_for_545() -> None:
    acts = [fact("event", 0), fact("event", 365)]
    too_far = [fact("event", 0), fact("event", 366)]

    assert assessed(366, *too_far).stage == Stage.EMPATHY
    assert _stages((365, 545, 546), *acts) == [Stage.ENGAGEMENT, Stage.ENGAGEMENT, Stage.EMPATHY]


def test_a_stage_lost_is_gained_anew_only_by_the_gain_window() -> None:
    acts = [fact("event", 0), fact("event", 365), fact("event", 900)]

    # Held by days 0 and 365 up to day 545; then again by 900 and nothing inside 365 days.
    assert _stages((545, 546, 900), *acts) == [3, 2, 2]


def test_a_stage_held_is_renewed_by_facts_of_the_keep_window() -> None:
    acts = [fact("event", 0), fact("event", 365), fact("event", 500)]

    # On day 546 the first has left; 365 and 500 keep it, though 365 days would not open it.
    assert _stages((546, 900, 910, 911), *acts) == [3, 3, 3, 2]


def test_landings_730_days_are_the_same_to_gain_and_to_keep() -> None:
    orders = [purchase(0), purchase(1)]

    assert _stages((731, 732), *orders) == [1, 0]


def test_a_cancellation_moves_down_from_its_own_day() -> None:
    orders = [purchase(0), purchase(10, status="cancelled", voided_at=at(50))]

    assert _stages((10, 49, 50), *orders) == [1, 1, 0]


def test_a_cancellation_of_unknown_day_leaves_no_trace() -> None:
    orders = [purchase(0), purchase(10, status="cancelled")]

    assert assessed(60, *orders).peak == Stage.OBSERVER


def test_a_fan_with_a_complaint_is_a_fan_for_the_first_thirty_days() -> None:
    complaint = fact("complaint", 40)

    assert _stages((40, 69, 70, 99, 100, 130, 160, 400), *FAN, complaint) == [
        *(4, 4, 3, 3, 2, 1, 0, 0),
    ]


def test_the_base_is_the_stage_of_the_day_before() -> None:
    on_the_same_day = [fact("complaint", 30), fact("share", 30, **SHARE)]

    # Circulation would open on day 30, but that day ends unresolved: Empathy is the base.
    assert _stages((29, 30, 60), fact("share", 0, **SHARE), *on_the_same_day) == [2, 2, 1]


def test_while_unresolved_the_gates_still_limit_the_stage() -> None:
    complaint = fact("complaint", 560)

    # The pass of day 0 leaves the keep window on day 546, before the complaint.
    assert _stages((545, 546, 560), *FAN, complaint) == [4, 2, 2]


def test_while_unresolved_nobody_moves_up() -> None:
    acts = [fact("event", 0), fact("event", 10)]
    lost_then_regained = [fact("complaint", 550), fact("event", 552), fact("event", 553)]

    # Base 2 (day 549); the gates would give 3 on day 553.
    assert _stages((545, 546, 549, 553), *acts, *lost_then_regained) == [3, 2, 2, 2]


def test_a_stage_lost_while_unresolved_is_not_regained_before_it_is_resolved() -> None:
    acts = [fact("event", 0), fact("event", 10)]
    # The complaint comes on the last day of Engagement; the acts since would reopen it.
    news = [fact("complaint", 545), fact("event", 547), fact("event", 548)]

    assert _stages((545, 546, 548), *acts, *news) == [3, 2, 2]


def test_on_resolution_the_gates_apply_at_once_and_may_lift_several_stages() -> None:
    case = [fact("complaint", 40, thread="c"), fact("complaint_closed", 170, thread="c")]

    assert _stages((169, 170), *FAN, *case) == [0, 4]


def test_on_resolution_what_was_lost_needs_the_gain_window() -> None:
    case = [fact("complaint", 40, thread="c"), fact("complaint_closed", 380, thread="c")]

    # The pass of day 0 is inside 545 days and no longer inside 365.
    assert _stages((379, 380), *FAN, *case) == [0, 2]


def test_reopening_lowers_from_where_the_person_stands_then() -> None:
    case = [
        fact("complaint", 40, thread="c"),
        fact("complaint_closed", 80, thread="c"),
        fact("complaint_reopened", 90, thread="c"),
    ]

    assert _stages((79, 80, 90, 119, 120), *FAN, *case) == [3, 4, 4, 4, 3]


def test_without_news_the_stage_rises_when_a_dissatisfied_answer_runs_out() -> None:
    bad = fact("perceived", 1, value=-1)
    found = assessed(300, purchase(0), purchase(0.5), fact("event", 290), bad)

    # Unresolved from day 1 on base Observer; the act on day 290 counts until day 655.
    assert found.stage == Stage.OBSERVER
    assert found.review_on == on(1 + 545)
    assert assessed(546, purchase(0), fact("event", 290), bad).stage == Stage.EMPATHY


def test_review_on_is_the_day_the_stage_would_lapse() -> None:
    assert assessed(50, letter(20)).review_on == on(20 + 546)
    assert assessed(50, purchase(0), purchase(1)).review_on == on(1 + 731)
    assert assessed(50, purchase(0)).review_on is None


def test_review_on_is_the_next_step_down_while_unresolved() -> None:
    assert assessed(45, *FAN, fact("complaint", 40)).review_on == on(70)
    assert assessed(75, *FAN, fact("complaint", 40)).review_on == on(100)


def test_a_history_of_years_is_looked_at_on_few_days() -> None:
    things = [purchase(0), purchase(10), letter(20)]

    found = replay(
        History((things[0], things[1]), (things[2],)),  # type: ignore[arg-type]
        zone=TOKYO,
        settings=SETTINGS,
        as_of=date(2090, 1, 1),
    )

    assert found is not None
    assert len(found.positions) == 5
