"""How long a person is left in peace, at their own wish (そっとしておく)."""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Final

#: Until they come forward by themselves: further off than any mail is of use.
FOR_GOOD: Final = datetime(9999, 1, 1, tzinfo=UTC)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
