"""Who would be asked in the week to come, who not, and why: a look ahead, nothing written.

The rules are those by which people are invited (selectors.py) and by which the guard lets a
mail go (crm/guard), as things stand now; the guard is asked once more before each mail leaves.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.customers.models import Customer
from crm.guard.enums import Reason, Verdict
from crm.guard.many import Question, foresee_questions
from crm.shops.models import Shop
from surveys.enums import AFTER_DELIVERY, LeftOut, Occasion, SurveyKind
from surveys.inviting import PURPOSES
from surveys.models import Survey
from surveys.selectors import orders_considered, orders_for_trial
from surveys.wording import WORDED

WEEK = timedelta(days=7)
MOST = 300  # orders looked at for one occasion
NAMES = 3  # people named for one reason

Found = defaultdict[tuple[Verdict, str], list[Customer | None]]


@dataclass(frozen=True)
class Group:
    """Orders of which the same would become, for one reason (none where they are asked about)."""

    verdict: Verdict
    reason: str
    count: int
    people: tuple[Customer, ...]  # a few of them
    has_more: bool  # whether there are people not named; one may have placed several orders


@dataclass(frozen=True)
class Look:
    """What is foreseen of one occasion; `is_whole` unless there were too many orders."""

    occasion: Occasion
    groups: tuple[Group, ...]
    is_whole: bool

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


@dataclass(frozen=True)
class Outlook:
    """The coming week of a survey that is on; else last week's orders, as if it had been on."""

    is_trial: bool
    looks: tuple[Look, ...]

    @property
    def count(self) -> int:
        return sum(look.count for look in self.looks)


def outlook(survey: Survey, shop: Shop, *, now: datetime) -> Outlook:
    """What would become of the orders we know of."""
    looks = [_look(survey, shop, occasion, now=now) for occasion in WORDED[SurveyKind(survey.kind)]]
    return Outlook(is_trial=not survey.is_on, looks=tuple(looks))


def _look(survey: Survey, shop: Shop, occasion: Occasion, *, now: datetime) -> Look:
    orders = _orders(survey, occasion, now=now)
    seen, is_whole = orders[:MOST], len(orders) <= MOST
    open_to_guard = [order for order in seen if not order.left_out]
    questions = [
        Question(
            PURPOSES[occasion],
            order,
            survey.hours.next_moment(max(order.ask_at, now), shop.zone),
        )
        for order in open_to_guard
    ]
    found: Found = defaultdict(list)
    asked: set[int | None] = set()
    for order, decision in zip(open_to_guard, foresee_questions(shop, questions), strict=True):
        # The yearly question is asked once, however many orders somebody placed.
        if occasion == Occasion.NPS and order.customer_id in asked:
            continue
        asked.add(order.customer_id)
        found[decision.verdict, decision.reason].append(order.customer)
    for order in seen:
        if order.left_out:
            found[Verdict.BLOCK, order.left_out].append(order.customer)
    return Look(occasion, _groups(found), is_whole)


def _orders(survey: Survey, occasion: Occasion, *, now: datetime) -> list[Any]:
    """Orders with their moment, `ask_at`, and the reason to leave them out, if any."""
    if not survey.is_on:
        return list(orders_for_trial(survey, occasion, since=now - WEEK, now=now)[: MOST + 1])
    ways = AFTER_DELIVERY if occasion in AFTER_DELIVERY else (occasion,)
    orders = [
        order
        for way in ways
        for order in orders_considered(survey, way, now=now, until=now + WEEK)[: MOST + 1]
    ]
    return sorted(orders, key=lambda order: (order.ask_at, order.pk))


def _groups(found: Found) -> tuple[Group, ...]:
    """Who is asked first, then who waits, then who is not; the commonest reason first."""
    groups = [
        _group(verdict, _sentence(reason), people) for (verdict, reason), people in found.items()
    ]
    order = list(Verdict)
    groups.sort(key=lambda group: (order.index(group.verdict), -group.count, group.reason))
    return tuple(groups)


def _group(verdict: Verdict, reason: str, people: list[Customer | None]) -> Group:
    """Names each person once, and nobody whose data were erased."""
    named = {person.pk: person for person in people if person and not person.erased_at}
    few = tuple(named.values())[:NAMES]
    return Group(verdict, reason, len(people), few, has_more=len(named) > NAMES)


def _sentence(reason: str) -> str:
    if reason == Reason.FINE:
        return ""
    return str(LeftOut(reason).label if reason in LeftOut else Reason(reason).label)
