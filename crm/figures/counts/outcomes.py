"""What followed: another purchase, the shop passed on, a complaint; and the same of a period."""

from typing import Any

from crm.customers.enums import PurchaseStatus
from crm.figures.counts import rows
from crm.figures.periods import FOLLOWED_DAYS, Period, Span
from crm.ledger.enums import Kind, Standing
from crm.shops.models import Shop
from crm.stages.rule_settings import RuleSettings

#: Whether order `o` counts as a decision to buy: not void by the end of the period (stages.md,
#: section 1, `orders`), and no renewal, which is none.
_COUNTS = """
    o.status <> ALL (%(no_purchase)s) AND COALESCE(o.subscription_no, 1) = 1
    AND NOT ((o.voided_at IS NOT NULL OR o.status = ANY (%(ended)s))
             AND COALESCE(o.voided_at, o.ordered_at) < %(end)s)
    AND NOT (o.refunded > 0 AND o.refunded >= o.total
             AND COALESCE(o.refunded_at, o.ordered_at) < %(end)s)
"""

#: Whether touchpoint `t` passes the shop on, as a person does it unasked and unrewarded.
_PASSES = """
    NOT t.is_rewarded AND t.standing = %(counts)s
    AND (t.kind = %(share)s AND t.is_public
         OR t.kind = %(referral)s AND t.other_customer_id <> t.customer_id
         OR t.kind = %(review)s AND t.is_public AND t.words_len > 0 AND t.stars >= %(fine_stars)s)
"""

#: Joined sidewise to a row with `customer_id` and `first_at`: what that person did in the days
#: after. `spent` is the mean of their orders in hundredths of the shop's currency, NULL of none.
AFTERWARDS = f"""
    LATERAL (
        SELECT EXISTS (SELECT FROM crm_touchpoint t
                        WHERE t.shop_id = %(shop)s AND t.customer_id = it.customer_id
                          AND t.at > it.first_at AND t.at <= it.first_at + %(followed)s
                          AND t.standing <> %(suspected)s
                          AND (t.kind = %(complaint)s
                               OR t.kind = %(review)s AND t.stars <= %(poor_stars)s)
               ) AS complained,
               EXISTS (SELECT FROM crm_touchpoint t
                        WHERE t.shop_id = %(shop)s AND t.customer_id = it.customer_id
                          AND t.at > it.first_at AND t.at <= it.first_at + %(followed)s
                          AND {_PASSES}
               ) AS passed,
               (SELECT AVG(o.total - o.refunded) FROM crm_purchase o
                 WHERE o.shop_id = %(shop)s AND o.customer_id = it.customer_id
                   AND o.ordered_at > it.first_at AND o.ordered_at <= it.first_at + %(followed)s
                   AND o.currency = %(currency)s AND {_COUNTS}
               ) AS spent,
               EXISTS (SELECT FROM crm_purchase o
                        WHERE o.shop_id = %(shop)s AND o.customer_id = it.customer_id
                          AND o.ordered_at > it.first_at
                          AND o.ordered_at <= it.first_at + %(followed)s AND {_COUNTS}
               ) AS repeated
    ) AS afterwards
"""  # noqa: S608  (words of ours only)


def values_of(shop: Shop, period: Period, rule: RuleSettings) -> dict[str, Any]:
    """What the statements above ask for."""
    return {
        "shop": shop.pk,
        "currency": shop.currency,
        "end": period.end,
        "followed": f"{FOLLOWED_DAYS} days",
        "no_purchase": [PurchaseStatus.TEST.value, PurchaseStatus.SAMPLE.value],
        "ended": [PurchaseStatus.CANCELLED.value, PurchaseStatus.RETURNED.value],
        "counts": Standing.COUNTS.value,
        "suspected": Standing.SUSPECTED.value,
        "share": Kind.SHARE.value,
        "referral": Kind.REFERRAL.value,
        "review": Kind.REVIEW.value,
        "complaint": Kind.COMPLAINT.value,
        "fine_stars": rule.review_pass_stars,
        "poor_stars": rule.review_complaint_stars,
    }


def loyalty(shop: Shop, span: Span, period: Period, rule: RuleSettings) -> dict[str, Any]:
    """The three reasons why loyalty pays, in this span: of those who bought, how many had bought
    on an earlier day; who passed the shop on, and how often; what a person spent on an order."""
    values = values_of(shop, period, rule) | {
        "from": span.start,
        "to": span.end,
        "zone": shop.time_zone,
        "passing": [Kind.SHARE.value, Kind.REFERRAL.value, Kind.REVIEW.value],
    }
    ((buyers, repeaters, paid, mean, deviation),) = rows(
        f"""
        SELECT COUNT(*), COUNT(*) FILTER (WHERE is_repeater), COUNT(spent),
               AVG(spent)::float, STDDEV_SAMP(spent)::float
          FROM (SELECT customer_id,
                       AVG(total - refunded) FILTER (WHERE currency = %(currency)s) AS spent,
                       COUNT(DISTINCT (ordered_at AT TIME ZONE %(zone)s)::date) > 1
                       OR EXISTS (SELECT FROM crm_purchase o
                                   WHERE o.shop_id = %(shop)s
                                     AND o.customer_id = lately.customer_id
                                     AND o.ordered_at < %(from)s AND {_COUNTS}) AS is_repeater
                  FROM (SELECT * FROM crm_purchase o
                         WHERE o.shop_id = %(shop)s AND o.customer_id IS NOT NULL
                           AND o.ordered_at >= %(from)s AND o.ordered_at < %(to)s
                           AND {_COUNTS}) AS lately
                 GROUP BY customer_id) AS person
        """,  # noqa: S608
        values,
    )
    ((passers, passes),) = rows(
        f"""
        SELECT COUNT(DISTINCT t.customer_id), COUNT(*) FROM crm_touchpoint t
         WHERE t.shop_id = %(shop)s AND t.kind = ANY (%(passing)s)
           AND t.at >= %(from)s AND t.at < %(to)s AND {_PASSES}
        """,  # noqa: S608
        values,
    )
    return {
        "buyers": buyers,
        "repeaters": repeaters,
        "spent": [paid, mean, deviation],
        "passers": passers,
        "passes": passes,
    }
