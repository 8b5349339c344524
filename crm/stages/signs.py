from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that counts: the day it counts from, and the rows it rests on."""

    on: date
    refs: tuple[str, ...]


def one_a_day(signs: Iterable[Sign]) -> tuple[Sign, ...]:
    """The first sign of each day, newest day first."""
    by_day: dict[date, Sign] = {}
    for sign in signs:
        by_day.setdefault(sign.on, sign)
    return tuple(by_day[day] for day in sorted(by_day, reverse=True))
