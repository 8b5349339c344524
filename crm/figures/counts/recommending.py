"""The one question of recommending the shop: scores now, over time, and what followed them."""

from typing import Any

from crm.figures.counts import outcomes, rows
from crm.figures.counts.answers import SAID, values_of
from crm.figures.periods import YEAR, Period
from crm.ledger.enums import Kind
from crm.shops.models import Shop
from crm.stages.rule_settings import RuleSettings

#: Days of answers behind each point of the curve: months alone hold too few.
TREND_DAYS = 90

#: 2 promoters, 1 passives, 0 detractors.
_GROUP = "CASE WHEN value >= 9 THEN 2 WHEN value >= 7 THEN 1 ELSE 0 END"


def latest(shop: Shop, period: Period, rule: RuleSettings, *, is_before: bool = False) -> list[int]:
    """[promoters, passives, detractors]: the latest answer of each person in the year up to the
    period's end, or up to the day before it began."""
    span = period.span_of(YEAR, until_on=period.before_on if is_before else period.until_on)
    found = rows(
        f"""
        {SAID}
        SELECT {_GROUP}, COUNT(*)
          FROM (SELECT DISTINCT ON (customer_id) value FROM said
                 WHERE first_at >= %(from)s AND first_at < %(to)s
                 ORDER BY customer_id, first_at DESC, first_source DESC) AS it
         GROUP BY 1
        """,  # noqa: S608
        _values(shop, period, rule) | {"from": span.start, "to": span.end},
    )
    counts = dict(found)
    return [counts.get(group, 0) for group in (2, 1, 0)]


def trend(shop: Shop, period: Period, rule: RuleSettings) -> list[dict[str, Any]]:
    """All answers of the 90 days up to the end of each month: [promoters, passives,
    detractors]."""
    spans = [period.span_of(TREND_DAYS, until_on=day) for day in period.month_ends]
    found = rows(
        f"""
        {SAID}
        SELECT span.place, {_GROUP}, COUNT(*)
          FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[])
               WITH ORDINALITY AS span (since, until, place)
          JOIN said ON first_at >= span.since AND first_at < span.until
         GROUP BY 1, 2
        """,  # noqa: S608
        _values(shop, period, rule)
        | {"starts": [span.start for span in spans], "ends": [span.end for span in spans]},
    )
    counts = {(place, group): count for place, group, count in found}
    return [
        {"on": day.isoformat(), "people": [counts.get((place, group), 0) for group in (2, 1, 0)]}
        for place, day in enumerate(period.month_ends, start=1)
    ]


def followed(shop: Shop, period: Period, rule: RuleSettings) -> list[dict[str, Any]]:
    """By group, promoters first: the latest answer of each person in a year that ended long
    enough ago to know what followed, and what did. Money as [people, mean, deviation]."""
    span = period.followed
    found = rows(
        f"""
        {SAID}
        SELECT {_GROUP}, COUNT(*), COUNT(*) FILTER (WHERE repeated), COUNT(*) FILTER (WHERE passed),
               COUNT(spent), AVG(spent)::float, STDDEV_SAMP(spent)::float
          FROM (SELECT DISTINCT ON (customer_id) customer_id, first_at, value FROM said
                 WHERE first_at >= %(from)s AND first_at < %(to)s
                 ORDER BY customer_id, first_at DESC, first_source DESC) AS it,
               {outcomes.AFTERWARDS}
         GROUP BY 1
        """,  # noqa: S608
        _values(shop, period, rule)
        | outcomes.values_of(shop, period, rule)
        | {"from": span.start, "to": span.end},
    )
    by_group = {
        group: {"n": n, "repeated": repeated, "passed": passed, "spent": spent}
        for group, n, repeated, passed, *spent in found
    }
    nobody = {"n": 0, "repeated": 0, "passed": 0, "spent": [0, None, None]}
    return [by_group.get(group, nobody) for group in (2, 1, 0)]


def _values(shop: Shop, period: Period, rule: RuleSettings) -> dict[str, Any]:
    return values_of(shop, period, (Kind.NPS,), rule)
