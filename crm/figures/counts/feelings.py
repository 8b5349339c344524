"""Expectation against evaluation: how it came out, and what followed each way."""

from typing import Any

from crm.figures.counts import outcomes, rows
from crm.figures.counts.answers import FEELINGS, values_of
from crm.figures.periods import Period
from crm.ledger.enums import Kind
from crm.shops.models import Shop
from crm.stages.rule_settings import RuleSettings

_KINDS = (Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED)


def feelings(shop: Shop, period: Period, rule: RuleSettings) -> list[dict[str, Any]]:
    """By kind of answer (a pair or a comparison in one question) and balance: how many were given
    in the period; and of those old enough to know, how many there were and what followed."""
    found = rows(
        f"""
        {FEELINGS}
        SELECT is_pair, balance,
               COUNT(*) FILTER (WHERE first_at >= %(from)s),
               COUNT(*) FILTER (WHERE is_followed),
               COUNT(*) FILTER (WHERE is_followed AND complained),
               COUNT(*) FILTER (WHERE is_followed AND repeated),
               COUNT(*) FILTER (WHERE is_followed AND passed)
          FROM (SELECT *, first_at >= %(followed_from)s AND first_at < %(followed_to)s
                       AS is_followed
                  FROM feeling
                 WHERE first_at >= LEAST(%(from)s, %(followed_from)s)) AS it,
               {outcomes.AFTERWARDS}
         GROUP BY is_pair, balance ORDER BY is_pair DESC, balance
        """,  # noqa: S608  (words of ours only)
        values_of(shop, period, _KINDS, rule)
        | outcomes.values_of(shop, period, rule)
        | {
            "from": period.span.start,
            "followed_from": period.followed.start,
            "followed_to": period.followed.end,
        },
        joins_what_it_counts=True,
    )
    names = ("is_pair", "balance", "lately", "followed", "complained", "repeated", "passed")
    return [dict(zip(names, row, strict=True)) for row in found]
