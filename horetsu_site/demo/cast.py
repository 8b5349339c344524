"""The people of cast.toml."""

import re
from collections.abc import Iterable
from random import Random
from typing import Any

from crm.ledger.enums import Kind
from horetsu_site.demo.life import OWN_SITE, Asked, Order, Person, Said
from horetsu_site.demo.words import read
from surveys.enums import Occasion

_ORDER = re.compile(r"(\d+) ([^ ]+)(?: #(\d+))?(?: @([^ ]+))?")
_OF_AN_ORDER = {Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED, Kind.NPS, Kind.REVIEW}
_FRESH = 3  # days
_DAY = (9 * 60, 19 * 60)  # minutes between which orders are placed


def cast(random: Random) -> list[Person]:
    """Everybody, with the hours of the day drawn by `random`."""
    return [_person(told, random) for told in read("cast")["person"]]


def _person(told: dict[str, Any], random: Random) -> Person:
    flags = {name: told[name] for name in told if name.startswith(("is_", "wants_"))}
    person = Person(name=told["name"], kana=told["kana"], locale=told.get("locale", ""), **flags)
    person.orders = [_order(line, random) for line in told["orders"]]
    for fact in told["facts"]:
        said = _said(fact, person.orders, random)
        person.said.append(said)
        if said.is_asked and said.about is not None:
            person.asked.append(_asked(said))
    asked = {each.about for each in person.asked}
    for place, order in enumerate(person.orders):
        if order.ago <= _FRESH and place not in asked:
            # Otherwise the workers would ask, for the order is new.
            minute = 19 * 60 + 30
            person.asked.append(Asked(order.ago, minute, Occasion.EXPECTATION, place, order.ago))
    return person


def _order(line: str, random: Random) -> Order:
    found = _ORDER.fullmatch(line)
    assert found, line
    ago, goods, renewal, channel = found.groups()
    return Order(
        ago=int(ago),
        minute=random.randint(*_DAY),
        goods=tuple(goods.split("+")),
        channel=channel or OWN_SITE,
        renewal=int(renewal) if renewal else None,
    )


def _said(fact: dict[str, Any], orders: Iterable[Order], random: Random) -> Said:
    kind = Kind(fact["kind"])
    before = [place for place, order in enumerate(orders) if order.ago >= fact["ago"]]
    return Said(
        ago=fact["ago"],
        # In the evening, after the orders and questions of the day.
        minute=random.randint(20 * 60 + 1, 22 * 60),
        kind=kind,
        value=fact.get("value"),
        text=fact.get("text", ""),
        about=before[-1] if before and kind in _OF_AN_ORDER else None,
        stars=fact.get("stars"),
        is_public=fact.get("public", False),
        thread=fact.get("thread", ""),
        whom=fact.get("whom", ""),
        is_asked=fact.get("asked", False),
        answer_words=fact.get("answer", ""),
    )


def _asked(said: Said) -> Asked:
    """The question that an answer of the same evening was given to."""
    assert said.about is not None
    minute = said.minute - 45
    return Asked(said.ago, minute, Occasion(said.kind.value), said.about, sent_ago=said.ago)
