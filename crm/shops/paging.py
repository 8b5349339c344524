"""Lists page by key, never by counting: page 1,000 costs what page 1 costs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet

PAGE = 50
_LARGEST_KEY = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the key to ask for the following one; None at the end."""

    rows: list[Any]
    next_after: int | str | None


def page_by_key(
    rows: QuerySet[Any, Any], *, after: str | None, newest_first: bool = True, size: int = PAGE
) -> Page:
    """The rows after the key `after`, as it came from the address; from the start if it is none.

    What is no key at all is no mistake worth an error: the list then begins at its start.
    """
    key = key_of(after)
    order = "-pk" if newest_first else "pk"
    if key is not None:
        rows = rows.filter(**{"pk__lt" if newest_first else "pk__gt": key})
    found: list[Model] = list(rows.order_by(order)[: size + 1])
    has_more = len(found) > size
    return Page(found[:size], found[size - 1].pk if has_more else None)


def key_of(text: str | None) -> int | None:
    """The row key written in an address; None for anything that cannot be one."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > len(str(_LARGEST_KEY)):
        return None
    return key if (key := int(text)) <= _LARGEST_KEY else None


def micros_of(moment: datetime) -> int:
    """A moment as part of a key in an address: microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(text: str | None) -> datetime | None:
    """The moment of `micros_of` written in an address; None for anything that cannot be one."""
    micros = key_of(text)
    if micros is None or micros > micros_of(_END):
        return None
    return _EPOCH + timedelta(microseconds=micros)
