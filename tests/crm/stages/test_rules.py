from zoneinfo import ZoneInfo

from crm.stages.facts import History
from crm.stages.rule_settings import RuleSettings, version
from crm.stages.rules import assess
from crm.stages.yardsticks import Yardstick
from tests.crm.stages.builders import SETTINGS, TOKYO, assessed, fact, letter, on, purchase


def test_nobody_is_judged_before_anything_was_known() -> None:
    found = assess(History(), zone=TOKYO, settings=SETTINGS, yardstick=Yardstick(), as_of=on(0))

    assert found is None


def test_an_assessment_names_the_rule_it_was_made_by() -> None:
    settings = RuleSettings(tolerance=SETTINGS.tolerance * 2)

    assert assessed(0, purchase(0)).version == version(SETTINGS)
    assert assessed(0, purchase(0), settings=settings).version == version(settings)


def test_counts_are_of_the_gain_window_though_a_stage_is_kept_longer() -> None:
    found = assessed(400, letter(0), fact("event", 10))

    assert found.stage == 2
    assert (found.facts.words, found.facts.acts) == (0, 0)


def test_another_zone_judges_all_anew() -> None:
    orders = [purchase(0.45), purchase(0.55)]  # 22:48 and 1:12 in Tokyo

    in_tokyo = assessed(5, *orders)
    in_new_york = assessed(5, *orders, zone=ZoneInfo("America/New_York"))

    assert (in_tokyo.facts.purchase_days, in_tokyo.stage) == (2, 1)
    assert (in_new_york.facts.purchase_days, in_new_york.stage) == (1, 0)


def test_what_is_unresolved_is_named() -> None:
    complaint = fact("complaint", 3)

    found = assessed(9, purchase(0), complaint)

    assert (found.unresolved_since, found.unresolved_refs) == (on(3), (complaint.ref,))
    assert assessed(2, purchase(0), complaint).unresolved_refs == ()


def test_what_has_run_out_is_named_no_more() -> None:
    bad = fact("perceived", 3, value=-1)

    assert assessed(3 + 544, purchase(0), bad).unresolved_refs == (bad.ref,)
    assert assessed(3 + 545, purchase(0), bad).unresolved_refs == ()
