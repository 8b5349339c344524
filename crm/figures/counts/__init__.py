"""Everything the page of figures counts, set-based, from facts and stored stays at a stage.

Each function reads one shop inside its door and gives whole numbers, lists and texts alone,
so that what was counted can be kept as JSON and read again as if it were counted now.
"""

from typing import Any

from django.db import connection


def rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
