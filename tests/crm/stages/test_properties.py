"""What holds for every history, whatever it is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from crm.stages.facts import History, merge
from crm.stages.replay import Replay, Spell, replay
from crm.stages.rules import Assessment, assess
from tests.crm.stages.strategies import END, SMALL, YARDSTICK, ZONES, days, histories

ONE_DAY = timedelta(days=1)


def _replay(history: History, zone: ZoneInfo, as_of: date) -> Replay:
    replayed = replay(history, zone=zone, settings=SMALL, as_of=as_of)
    assume(replayed is not None)
    assert replayed is not None
    return replayed


def _assess(history: History, zone: ZoneInfo, as_of: date) -> Assessment | None:
    return assess(history, zone=zone, settings=SMALL, yardstick=YARDSTICK, as_of=as_of)


def _up_to(spells: tuple[Spell, ...], day: date) -> tuple[Spell, ...]:
    """The spells as they looked at the end of that day."""
    return tuple(
        replace(spell, to_on=spell.to_on if spell.to_on and spell.to_on <= day else None)
        for spell in spells
        if spell.from_on <= day
    )


@given(histories(), ZONES, days(), st.randoms(use_true_random=False))
def test_neither_the_order_of_facts_nor_their_repetition_matters(
    history: History, zone: ZoneInfo, as_of: date, random: Random
) -> None:
    purchases = [*history.purchases, *random.choices(history.purchases or [None], k=3)]
    facts = [*history.facts, *random.choices(history.facts or [None], k=3)]
    random.shuffle(purchases)
    random.shuffle(facts)
    shuffled = replace(
        history, purchases=tuple(filter(None, purchases)), facts=tuple(filter(None, facts))
    )

    assert _assess(shuffled, zone, as_of) == _assess(history, zone, as_of)


@given(histories(), ZONES, days())
def test_without_news_a_stage_rises_only_where_something_unresolved_runs_out(
    history: History, zone: ZoneInfo, as_of: date
) -> None:
    replayed = _replay(history, zone, as_of)

    for before, after in pairwise((replayed.position, *replayed.ahead)):
        assert after.stage <= before.stage or (before.trouble and not after.trouble)


@given(histories(), ZONES)
def test_while_something_is_unresolved_nobody_moves_up(history: History, zone: ZoneInfo) -> None:
    replayed = _replay(history, zone, END)

    for before, after in pairwise(replayed.positions):
        assert after.trouble is None or after.stage <= before.stage


@given(histories(), ZONES)
def test_the_days_to_look_again_are_neither_late_nor_early(
    history: History, zone: ZoneInfo
) -> None:
    as_of = _replay(history, zone, END).reading.day
    found = _assess(history, zone, as_of)
    assert found is not None

    for ahead in range(1, 30):
        later = _assess(history, zone, as_of + timedelta(days=ahead))
        assert later is not None
        has_new_stage = later.spells[-1].from_on > as_of
        assert has_new_stage == (found.review_on is not None and later.as_of >= found.review_on)
        if later.as_of == found.remark_on:
            assert later.marks != found.marks
        elif found.remark_on is None or later.as_of < found.remark_on:
            assert later.marks == found.marks
        turned = (later.direction, later.facts.balance) != (found.direction, found.facts.balance)
        if later.as_of == found.turn_on:
            assert turned
        elif found.turn_on is None or later.as_of < found.turn_on:
            assert not turned


@given(histories(), ZONES)
def test_the_evidence_of_a_stage_changes_only_with_news_or_with_the_stage(
    history: History, zone: ZoneInfo
) -> None:
    as_of = _replay(history, zone, END).reading.day
    found = _assess(history, zone, as_of)
    assert found is not None
    assert list(found.evidence) == list(range(1, found.stage + 1))

    last_day = (found.review_on or END) - ONE_DAY
    later = _assess(history, zone, max(as_of, last_day))
    assert later is not None
    assert later.evidence == found.evidence


@given(histories(), ZONES, days())
def test_what_happens_later_changes_nothing_before(
    history: History, zone: ZoneInfo, as_of: date
) -> None:
    early = _replay(history, zone, as_of)

    late = _replay(history, zone, END)

    assert _up_to(late.spells, as_of) == early.spells


@given(histories(), ZONES, days())
def test_a_merge_is_one_person_from_the_start(
    history: History, zone: ZoneInfo, as_of: date
) -> None:
    halves = [
        replace(history, purchases=history.purchases[0::2], facts=history.facts[1::2]),
        replace(history, purchases=history.purchases[1::2], facts=history.facts[0::2]),
    ]

    assert _assess(merge(*halves), zone, as_of) == _assess(history, zone, as_of)
    assert _assess(merge(*reversed(halves)), zone, as_of) == _assess(history, zone, as_of)
