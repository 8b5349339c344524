"""Short ways to write a history. Days are numbers: day 0 is 1 January 2025 in Tokyo."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from crm.stages.facts import Fact, History, Purchase
from crm.stages.rule_settings import RuleSettings
from crm.stages.rules import Assessment, assess
from crm.stages.yardsticks import Yardstick

TOKYO = ZoneInfo("Asia/Tokyo")
SETTINGS = RuleSettings()
START = date(2025, 1, 1)

_ids = count(1)


def on(day: int) -> date:
    return START + timedelta(days=day)


def at(day: float) -> datetime:
    """Noon in Tokyo of the day; 3.25 is six hours later on day 3."""
    noon = datetime.combine(START, time(12), TOKYO).astimezone(UTC)
    return noon + timedelta(days=day)


def purchase(day: float, total: int = 300_000, **kwargs: Any) -> Purchase:
    return Purchase(id=kwargs.pop("id", next(_ids)), at=at(day), total=total, **kwargs)


def fact(kind: str, day: float, **kwargs: Any) -> Fact:
    number = kwargs.pop("id", next(_ids))
    if kwargs.get("value") is not None:
        kwargs["value"] = Decimal(str(kwargs["value"]))
    source = kwargs.pop("source", f"test:{number}")
    return Fact(id=number, kind=kind, at=at(day), source=source, **kwargs)


def pair(day: float, about: Purchase, expected: float, evaluated: float) -> list[Fact]:
    """An expectation an hour after the order, and the evaluation on the day."""
    asked = (about.at - at(0)).total_seconds() / 86400 + 1 / 24
    return [
        fact("expectation", asked, purchase_id=about.id, value=expected),
        fact("evaluation", day, purchase_id=about.id, value=evaluated),
    ]


def letter(day: float, **kwargs: Any) -> Fact:
    return fact("letter", day, **{"words_len": 20, "words_is_ja": True} | kwargs)


def review(day: float, stars: int, **kwargs: Any) -> Fact:
    return fact("review", day, stars=stars, **{"words_len": 12, "words_is_ja": True} | kwargs)


def history(*things: Purchase | Fact | Iterable[Fact]) -> History:
    flat: list[Purchase | Fact] = []
    for thing in things:
        flat.extend([thing] if isinstance(thing, Purchase | Fact) else thing)
    return History(
        purchases=tuple(thing for thing in flat if isinstance(thing, Purchase)),
        facts=tuple(thing for thing in flat if isinstance(thing, Fact)),
        customer_ids=frozenset({7}),
    )


def assessed(day: int, *things: Purchase | Fact | Iterable[Fact], **kwargs: Any) -> Assessment:
    """The assessment at the end of the day, with the default settings and no yardstick."""
    found = assess(
        history(*things),
        zone=kwargs.pop("zone", TOKYO),
        settings=kwargs.pop("settings", SETTINGS),
        yardstick=kwargs.pop("yardstick", Yardstick()),
        as_of=on(day),
    )
    assert found is not None
    return found
