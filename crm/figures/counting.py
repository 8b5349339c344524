"""All that a page of figures is made of, counted at once."""

from typing import Any

from crm.figures.counts import feelings, outcomes, recommending, restraint, stages
from crm.figures.periods import Period
from crm.shops.models import Shop
from crm.stages.selectors import rule_of

Numbers = dict[str, Any]


def count(shop: Shop, period: Period) -> Numbers:
    """Everything of a period, as JSON holds it; the same facts always count the same."""
    rule = rule_of(shop.pk)
    before = period.span_of(period.days, until_on=period.before_on)
    return {
        "until_on": period.until_on.isoformat(),
        "days": period.days,
        "stages": stages.by_month(shop.pk, period),
        "moves": stages.moves(shop.pk, period),
        "still": stages.still(shop.pk),
        "people": stages.people(shop.pk, period),
        "nps": recommending.latest(shop, period, rule),
        "nps_before": recommending.latest(shop, period, rule, is_before=True),
        "nps_trend": recommending.trend(shop, period, rule),
        "nps_followed": recommending.followed(shop, period, rule),
        "feelings": feelings.feelings(shop, period, rule),
        "loyalty": outcomes.loyalty(shop, period.span, period, rule),
        "loyalty_before": outcomes.loyalty(shop, before, period, rule),
        "withheld": restraint.withheld(shop.pk, period),
        "sent": restraint.sent(shop.pk, period),
    }
