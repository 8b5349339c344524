"""The replay against the slow reading of the written rule, on random histories."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given

from crm.stages.enums import Stage
from crm.stages.facts import History
from crm.stages.replay import Spell, replay
from crm.stages.rules import Assessment, assess
from tests.crm.stages.oracle import Oracle
from tests.crm.stages.strategies import END, SMALL, YARDSTICK, ZONES, days, histories


def _each_day(spells: tuple[Spell, ...], until: date) -> Iterator[tuple[date, Stage]]:
    for spell in spells:
        day = spell.from_on
        while day < (spell.to_on or until + timedelta(days=1)):
            yield day, spell.stage
            day += timedelta(days=1)


def _assess(history: History, zone: ZoneInfo, as_of: date) -> Assessment | None:
    return assess(history, zone=zone, settings=SMALL, yardstick=YARDSTICK, as_of=as_of)


@given(histories(), ZONES)
def test_the_stage_is_that_of_the_oracle_on_every_day(history: History, zone: ZoneInfo) -> None:
    replayed = replay(history, zone=zone, settings=SMALL, as_of=END)

    oracle = Oracle(history, zone, SMALL)
    if replayed is None:
        assert oracle.first is None
    else:
        assert dict(_each_day(replayed.spells, END)) == oracle.run(END).stages


@given(histories(), ZONES, days())
def test_every_fact_and_mark_is_that_of_the_oracle(
    history: History, zone: ZoneInfo, as_of: date
) -> None:
    found = _assess(history, zone, as_of)

    oracle = Oracle(history, zone, SMALL, known=as_of)
    if found is None:
        assert oracle.first is None
        return
    oracle.run(END)
    today, window = oracle.day(as_of), SMALL.gain_days
    rhythm = today.rhythm(YARDSTICK.rhythm_days)
    facts = found.facts
    assert facts.orders == len(today.purchases)
    assert facts.foreign_orders == sum(p.is_foreign for p in today.purchases)
    assert facts.purchase_days == len(today.decision_days())
    assert facts.spent == today.spent()
    assert facts.recency_days == today.recency()
    assert facts.rhythm_days == rhythm
    assert facts.balance == today.balance(window)
    assert facts.nps == today.nps(window)
    assert facts.words == today.words(window)
    assert facts.delights == today.delights(window)
    assert facts.acts == today.acts(window)
    assert facts.passes == len(today.passes(window))
    assert facts.recovered == today.recovered(window)
    assert facts.is_unresolved == today.is_unresolved()
    assert found.unresolved_since == oracle.began.get(as_of)
    assert found.stage_since == oracle.since(as_of)
    assert found.peak == max(stage for day, stage in oracle.stages.items() if day <= as_of)
    assert set(found.marks) == oracle.marks(as_of, rhythm, YARDSTICK.dwell_days)
    assert found.warmth == pytest.approx(today.warmth(rhythm), abs=2e-9)
    assert found.direction == oracle.direction(as_of, rhythm)
    cooling_since = oracle.cooling_since(as_of, rhythm)
    assert (found.cooling.since_on if found.cooling else None) == cooling_since


@given(histories(), ZONES, days())
def test_the_days_to_look_again_are_exactly_those_of_the_oracle(
    history: History, zone: ZoneInfo, as_of: date
) -> None:
    found = _assess(history, zone, as_of)
    assume(found is not None)
    assert found is not None

    oracle = Oracle(history, zone, SMALL, known=as_of).run(END)
    rhythm = oracle.day(as_of).rhythm(YARDSTICK.rhythm_days)
    later = [day for day in oracle.stages if as_of < day <= END - timedelta(days=10)]
    stage, marks = oracle.stages[as_of], oracle.marks(as_of, rhythm, YARDSTICK.dwell_days)
    assert found.review_on == next((day for day in later if oracle.stages[day] != stage), None)
    assert found.remark_on == next(
        (day for day in later if oracle.marks(day, rhythm, YARDSTICK.dwell_days) != marks), None
    )
