"""One line per customer, recomputed as of the end of a day (`stage_report`)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from crm.customers.models import Customer
from crm.customers.selectors import present_customers
from crm.shops.models import Shop
from crm.stages.enums import Mark, Stage
from crm.stages.facts import History
from crm.stages.rule_settings import RuleSettings
from crm.stages.rules import Assessment, assess
from crm.stages.selectors import batches_of, histories, replays, rule_of
from crm.stages.yardsticks import Yardstick, yardstick

COLUMNS = (
    *("external_id", "email", "stage", "stage_since", "peak_stage", "orders", "purchase_days"),
    *("spent", "first_purchase_on", "last_purchase_on", "tenure_days", "recency_days"),
    *("rhythm_days", "r", "f", "m", "balance", "nps", "words", "delights", "acts", "passes"),
    *("recovered", "unresolved", "warmth", "direction", "stalled", "dormant", "review_on"),
)

Line = dict[str, Any]


def stage_report(shop: Shop, *, as_of: date, measure_on: date) -> Iterator[Line]:
    """A line for each present customer by key, compared with the shop as it was then.

    Values are numbers, dates as ISO text, booleans and None; `spent` as decimal text in the
    shop's currency; several external ids are joined by ";". Nothing is stored.
    """
    rule = rule_of(shop.pk)
    of_shop = yardstick(replays(shop, rule=rule, as_of=measure_on), settings=rule)
    for batch in batches_of(present_customers(shop.pk)):
        people = Customer.objects.filter(shop_id=shop.pk, pk__in=batch).order_by("pk")
        known = histories(shop, batch)
        for person in people.prefetch_related("identities"):
            yield {
                **_who(person),
                **_where(known[person.pk], shop, rule, of_shop, as_of),
            }


def _who(person: Customer) -> Line:
    identities = sorted(person.identities.all(), key=lambda row: row.pk)
    return {
        "external_id": ";".join(identity.external_id for identity in identities),
        "email": person.email,
    }


def _where(
    history: History, shop: Shop, rule: RuleSettings, of_shop: Yardstick, as_of: date
) -> Line:
    assessment = assess(history, zone=shop.zone, settings=rule, yardstick=of_shop, as_of=as_of)
    if assessment is None:
        return _NOTHING_KNOWN
    facts, scores = assessment.facts, assessment.scores
    return {
        "stage": int(assessment.stage),
        "stage_since": assessment.stage_since.isoformat(),
        "peak_stage": int(assessment.peak),
        "orders": facts.orders,
        "purchase_days": facts.purchase_days,
        "spent": f"{facts.spent // 100}.{facts.spent % 100:02}",
        "first_purchase_on": _iso(facts.first_purchase_on),
        "last_purchase_on": _iso(facts.last_purchase_on),
        "tenure_days": facts.tenure_days,
        "recency_days": facts.recency_days,
        "rhythm_days": facts.rhythm_days,
        "r": scores.recency if scores else None,
        "f": scores.frequency if scores else None,
        "m": scores.monetary if scores else None,
        "balance": facts.balance,
        "nps": facts.nps,
        "words": facts.words,
        "delights": facts.delights,
        "acts": facts.acts,
        "passes": facts.passes,
        "recovered": facts.recovered,
        "unresolved": facts.is_unresolved,
        **_course(assessment),
    }


def _course(assessment: Assessment) -> Line:
    return {
        "warmth": assessment.warmth,
        "direction": assessment.direction,
        "stalled": Mark.STALLED in assessment.marks,
        "dormant": Mark.DORMANT in assessment.marks,
        "review_on": _iso(assessment.review_on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


_COUNTS = ("orders", "purchase_days", "words", "delights", "acts", "passes")
_NOTHING_KNOWN: Line = {
    **dict.fromkeys(COLUMNS[2:]),
    **dict.fromkeys(_COUNTS, 0),
    "stage": int(Stage.OBSERVER),
    "peak_stage": int(Stage.OBSERVER),
    "spent": "0.00",
    "unresolved": False,
    "stalled": False,
    "dormant": False,
}
