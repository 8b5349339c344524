"""How many stood at which stage, who moved, and where it stopped or cooled."""

from collections import Counter
from datetime import date
from typing import Any

from crm.figures.counts import rows
from crm.figures.periods import Period
from crm.stages.enums import Direction, Mark, Stage

PEOPLE_SHOWN = 6


def by_month(shop_id: int, period: Period) -> list[dict[str, Any]]:
    """At the end of each month shown, and of the day before the period: how many at each stage.

    One pass over the stays: each adds one on its first day and takes one away after its
    last, so that the days between need not be looked at one by one.
    """
    days = sorted({*period.month_ends, period.before_on})
    found = rows(
        """
        SELECT GREATEST(change.day, %(first)s), stage, SUM(by)
          FROM crm_stagespell,
               LATERAL (VALUES (from_on, 1), (to_on, -1)) AS change (day, by)
         WHERE shop_id = %(shop)s AND change.day <= %(last)s
         GROUP BY 1, 2
        """,
        {"shop": shop_id, "first": days[0], "last": days[-1]},
    )
    changes: dict[date, Counter[int]] = {}
    for day, stage, by in found:
        changes.setdefault(day, Counter())[stage] += int(by)
    standing: Counter[int] = Counter()
    shown, waiting = [], sorted(changes)
    for day in days:
        while waiting and waiting[0] <= day:
            standing.update(changes[waiting.pop(0)])
        shown.append({"on": day.isoformat(), "people": [standing[stage] for stage in Stage]})
    return shown


def moves(shop_id: int, period: Period) -> list[list[int]]:
    """[from, to, people] for everybody who stands elsewhere at the end of the period than on
    the day before it; who was not known by then comes from Observer."""
    found = rows(
        """
        SELECT before, now, COUNT(*)
          FROM (SELECT COALESCE(MAX(stage) FILTER (WHERE from_on <= %(before)s), 0) AS before,
                       MAX(stage) FILTER (WHERE to_on IS NULL OR to_on > %(last)s) AS now
                  FROM crm_stagespell
                 WHERE shop_id = %(shop)s AND from_on <= %(last)s
                   AND (to_on IS NULL OR to_on > %(before)s)
                   AND (from_on <= %(before)s OR to_on IS NULL OR to_on > %(last)s)
                 GROUP BY customer_id) AS person
         WHERE before <> now
         GROUP BY 1, 2 ORDER BY 1, 2
        """,
        {"shop": shop_id, "before": period.before_on, "last": period.until_on},
    )
    return [list(row) for row in found]


def still(shop_id: int) -> list[list[int]]:
    """[stage, people, pausing, grown cooler] as last judged."""
    found = rows(
        """
        SELECT stage, COUNT(*), COUNT(*) FILTER (WHERE %(stalled)s = ANY (marks)),
               COUNT(*) FILTER (WHERE direction = %(cooling)s)
          FROM crm_relationship WHERE shop_id = %(shop)s
         GROUP BY stage ORDER BY stage
        """,
        {
            "shop": shop_id,
            "stalled": Mark.STALLED.value,
            "cooling": Direction.COOLING.value,
        },
    )
    return [list(row) for row in found]


def people(shop_id: int, period: Period) -> dict[str, list[int]]:
    """A few of those who moved, newest first, and of those who grew cooler, the nearest first."""
    values = {
        "shop": shop_id,
        "before": period.before_on,
        "cooling": Direction.COOLING.value,
        "most": PEOPLE_SHOWN,
    }
    rose = rows(
        """
        SELECT now.customer_id
          FROM crm_stagespell now
          JOIN crm_stagespell before ON before.shop_id = now.shop_id
               AND before.customer_id = now.customer_id AND before.to_on = now.from_on
         WHERE now.shop_id = %(shop)s AND now.to_on IS NULL AND now.from_on > %(before)s
           AND now.stage > before.stage
         ORDER BY now.from_on DESC, now.stage DESC, now.customer_id LIMIT %(most)s
        """,
        values,
    )
    cooled = rows(
        """
        SELECT customer_id FROM crm_relationship
         WHERE shop_id = %(shop)s AND direction = %(cooling)s
         ORDER BY stage DESC, last_on DESC NULLS LAST, customer_id LIMIT %(most)s
        """,
        values,
    )
    return {"warmed": [pk for (pk,) in rose], "cooled": [pk for (pk,) in cooled]}
