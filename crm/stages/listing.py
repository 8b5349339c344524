"""The people of a shop, narrowed by where their relationships stand, a page at a time.

Direction and balance are kept beside the stage and the marks (models.Relationship), so that
nobody is judged to be listed. What is rare is looked for along the whole shop: of 200,000
people, in a fifth of a second.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from crm.customers.selectors import present_customers
from crm.shops.paging import PAGE, Page, key_of
from crm.stages.enums import Balance, Direction, Mark, Stage


class Sort(models.TextChoices):
    KNOWN = "known", _("Known last")
    BOUGHT = "bought", _("Bought last")
    SINCE = "since", _("Came to their stage last")


#: The column of Relationship that each goes by; who is known, by the customer alone.
_DAYS = {Sort.BOUGHT: "relationship__last_on", Sort.SINCE: "relationship__since_on"}


@dataclass(frozen=True)
class Narrowing:
    """Which relationships are wanted; None is any."""

    stage: Stage | None = None
    direction: Direction | None = None
    balance: Balance | None = None
    mark: Mark | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in vars(self).values())


@dataclass(frozen=True)
class _Key:
    """Where a page ended: a day, None among those who have none, and the customer."""

    day: date | None
    customer_id: int

    def __str__(self) -> str:
        return f"{self.day or ''}.{self.customer_id}"


def page_of_people(
    shop_id: int,
    *,
    narrowing: Narrowing = Narrowing(),
    sort: Sort = Sort.KNOWN,
    ids: Collection[int] | None = None,
    after: str | None = None,
    size: int = PAGE,
) -> Page:
    """Present customers with their relationship, those after the key `after` as it came from
    the address; only those of `ids`, where given.

    Whom nothing is known of has no relationship, and is listed among all people only.
    """
    people = present_customers(shop_id).select_related("relationship")
    if ids is not None:
        people = people.filter(pk__in=ids)
    if narrowing or sort in _DAYS:
        people = people.filter(relationship__shop_id=shop_id, **_wanted(narrowing))
    if sort not in _DAYS:
        return _by_customer(people, bool(narrowing), after, size)
    return _by_day(people, _DAYS[sort], after, size)


def _wanted(narrowing: Narrowing) -> dict[str, object]:
    wanted = {
        "relationship__stage": narrowing.stage,
        "relationship__direction": narrowing.direction,
        "relationship__balance": narrowing.balance,
        "relationship__marks__contains": [narrowing.mark] if narrowing.mark else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _by_customer(
    people: QuerySet[Customer], is_narrowed: bool, after: str | None, size: int
) -> Page:
    column = "relationship__customer" if is_narrowed else "pk"
    if key := key_of(after):
        people = people.filter(**{f"{column}__lt": key})
    found = list(people.order_by(F(column).desc())[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else None)


def _by_day(people: QuerySet[Customer], column: str, after: str | None, size: int) -> Page:
    """Those with a day, the latest first; then those without."""
    key = _read(after)
    found: list[Customer] = []
    if key is None or key.day is not None:
        dated = people.filter(**{f"{column}__isnull": False})
        if key is not None:
            # The first condition is the place in the index, the second only sorts out one day.
            dated = dated.filter(**{f"{column}__lte": key.day}).filter(
                Q(**{f"{column}__lt": key.day}) | Q(relationship__customer__lt=key.customer_id)
            )
        found = list(dated.order_by(f"-{column}", "-relationship__customer")[: size + 1])
    if len(found) <= size:
        rest = people.filter(**{f"{column}__isnull": True})
        if key is not None and key.day is None:
            rest = rest.filter(relationship__customer__lt=key.customer_id)
        found += rest.order_by("-relationship__customer")[: size + 1 - len(found)]
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    day = getattr(last.relationship, column.removeprefix("relationship__"))
    return Page(found[:size], str(_Key(day, last.pk)))


def _read(text: str | None) -> _Key | None:
    day, _dot, customer_id = (text or "").partition(".")
    key = key_of(customer_id)
    if key is None:
        return None
    try:
        return _Key(date.fromisoformat(day) if day else None, key)
    except ValueError:
        return None
