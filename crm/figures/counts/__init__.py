"""Everything the page of figures counts, set-based, from facts and stored stays at a stage.

Each function reads one shop inside its door and gives whole numbers, lists and texts alone,
so that what was counted can be kept as JSON and read again as if it were counted now.
"""

from typing import Any

from django.db import connection


def rows(
    sql: str, values: dict[str, Any], *, joins_what_it_counts: bool = False
) -> list[tuple[Any, ...]]:
    """What the database answers.

    `joins_what_it_counts`: the statement joins its own parts with each other. PostgreSQL knows
    nothing of how many rows those have, takes them for one, and would go through all of one for
    each of the other: minutes at 30,000 customers. So it is told to hash or to sort them.
    """
    with connection.cursor() as cursor:
        if not joins_what_it_counts:
            cursor.execute(sql, values)
            return cursor.fetchall()
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(sql, values)
        found = cursor.fetchall()
        cursor.execute("SET LOCAL enable_nestloop = on")
        return found
