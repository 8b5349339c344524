"""The answers to our questions as they stand, and what they say: set-based, for a whole shop.

The same decisions as crm.stages.answers takes for one person; a test holds both to the same.
An answer stands where it was first given and says what its latest edit says; what a machine
said is left out. These are the beginnings of statements; counts/feelings.py and
counts/recommending.py end them.
"""

from typing import Any

from crm.customers.enums import PurchaseStatus
from crm.figures.periods import Period
from crm.ledger.enums import Kind, Standing
from crm.shops.models import Shop
from crm.stages.rule_settings import RuleSettings

#: `version`: each answer of these kinds, and each of its edits. `said`: each answer as it stands.
SAID = """
    WITH RECURSIVE edit AS (
        SELECT id, id AS root, 0 AS depth FROM crm_touchpoint
         WHERE shop_id = %(shop)s AND kind = ANY (%(kinds)s) AND replaces_id IS NULL
        UNION ALL
        SELECT t.id, edit.root, edit.depth + 1
          FROM edit JOIN crm_touchpoint t ON t.shop_id = %(shop)s AND t.replaces_id = edit.id
    ), version AS (
        SELECT t.id, t.customer_id, t.kind, t.at, t.source, t.purchase_id, t.value, t.standing,
               edit.root, edit.depth
          FROM edit JOIN crm_touchpoint t USING (id)
         WHERE t.shop_id = %(shop)s AND t.standing <> %(suspected)s AND t.at < %(end)s
    ), entry AS (
        SELECT DISTINCT ON (root) *, first_value(at) OVER given AS first_at,
               first_value(source) OVER given AS first_source
          FROM version
        WINDOW given AS (PARTITION BY root ORDER BY at, depth, source)
         ORDER BY root, at DESC, depth DESC, source DESC
    ), said AS (
        SELECT * FROM entry WHERE standing = %(counts)s AND value IS NOT NULL
    )
"""

#: `feeling`: what counts of each purchase, -1, 0 or 1: its latest pair of an evaluation and an
#: expectation given in time, else its latest comparison in one question.
FEELINGS = f"""
    {SAID}, compared_with AS (
        SELECT DISTINCT ON (e.root) e.*, e.value - given.value AS gap
          FROM said e
          JOIN crm_purchase p ON p.shop_id = %(shop)s AND p.id = e.purchase_id
               AND p.customer_id = e.customer_id
               AND p.status <> %(test)s AND p.ordered_at < %(end)s
          JOIN said x ON x.kind = %(expectation)s AND x.purchase_id = e.purchase_id
               AND x.customer_id = e.customer_id
          JOIN version given ON given.root = x.root AND given.value IS NOT NULL
               AND given.at < e.first_at
               AND CASE WHEN p.delivered_at < %(end)s THEN given.at < p.delivered_at
                        ELSE (given.at AT TIME ZONE %(zone)s)::date
                             - (p.ordered_at AT TIME ZONE %(zone)s)::date <= %(in_time)s
                   END
         WHERE e.kind = %(evaluation)s
         ORDER BY e.root, x.first_at DESC, x.first_source DESC,
                  given.at DESC, given.depth DESC, given.source DESC
    ), pair AS (
        SELECT DISTINCT ON (purchase_id) * FROM compared_with
         ORDER BY purchase_id, first_at DESC, first_source DESC
    ), alone AS (
        SELECT DISTINCT ON (COALESCE(purchase_id, -id)) * FROM said
         WHERE kind = %(perceived)s
           AND NOT EXISTS (SELECT FROM pair WHERE pair.purchase_id = said.purchase_id)
         ORDER BY COALESCE(purchase_id, -id), first_at DESC, first_source DESC
    ), feeling AS (
        SELECT root, customer_id, purchase_id, first_at, TRUE AS is_pair,
               CASE WHEN gap < -%(tolerance)s THEN -1 WHEN gap > %(tolerance)s THEN 1 ELSE 0 END
               AS balance
          FROM pair
        UNION ALL
        SELECT root, customer_id, purchase_id, first_at, FALSE, SIGN(value)::int FROM alone
    )
"""  # noqa: S608  (words of ours only)


def values_of(
    shop: Shop, period: Period, kinds: tuple[Kind, ...], rule: RuleSettings
) -> dict[str, Any]:
    """What the statements above ask for."""
    return {
        "shop": shop.pk,
        "end": period.end,
        "zone": shop.time_zone,
        "kinds": [kind.value for kind in kinds],
        "suspected": Standing.SUSPECTED.value,
        "counts": Standing.COUNTS.value,
        "expectation": Kind.EXPECTATION.value,
        "evaluation": Kind.EVALUATION.value,
        "perceived": Kind.PERCEIVED.value,
        "test": PurchaseStatus.TEST.value,
        "tolerance": rule.tolerance,
        "in_time": rule.expectation_days,
    }
