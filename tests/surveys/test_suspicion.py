"""Machines are fast and say nothing; people read first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from surveys.enums import Signal
from surveys.suspicion import Arrival, is_rapid_fire, signals_of
from tests.factories import NOON

SECOND = timedelta(seconds=1)
PERSON = Arrival(
    at=NOON,
    opened_at=NOON - 20 * SECOND,
    mailed_at=NOON - timedelta(hours=3),
    fell_in_trap=False,
    has_words=False,
)


def test_a_person_who_reads_and_presses_gives_no_sign():
    assert signals_of(PERSON) == []


@pytest.mark.parametrize(
    ("changes", "signals"),
    [
        ({"fell_in_trap": True}, [Signal.TRAP]),
        ({"opened_at": None}, [Signal.UNOPENED]),
        ({"opened_at": NOON - 1.9 * SECOND}, [Signal.TOO_FAST]),
        ({"opened_at": NOON - 2 * SECOND}, []),
        ({"mailed_at": NOON - 29 * SECOND}, [Signal.SOON]),
        ({"mailed_at": NOON - 30 * SECOND}, []),
        ({"mailed_at": NOON - 29 * SECOND, "has_words": True}, []),
        ({"mailed_at": None}, []),
        ({"fell_in_trap": True, "opened_at": NOON}, [Signal.TRAP, Signal.TOO_FAST]),
    ],
)
def test_each_sign_is_named(changes, signals):
    assert signals_of(replace(PERSON, **changes)) == signals


@pytest.mark.parametrize(
    ("scores", "seconds", "is_rapid"),
    [
        ([9, 8, 7], 5, True),
        ([9, 8], 5, False),
        ([9, 8, 9, 8], 5, False),
        ([9, 8, 7], 60, True),
        ([9, 8, 7], 61, False),
    ],
)
def test_three_different_scores_within_a_minute_are_no_persons_choice(scores, seconds, is_rapid):
    assert is_rapid_fire(scores, since_first=seconds * SECOND) is is_rapid
