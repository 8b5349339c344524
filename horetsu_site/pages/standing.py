"""What a customer page says of a relationship: where it stands, on what, and what may come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crm.customers.models import Customer, Purchase
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.labels import need_in_words
from crm.stages.rules import Assessment, assess
from crm.stages.selectors import histories, rule_of, yardstick_of


@dataclass(frozen=True)
class Proof:
    """A fact that a gate rests on; one of the two."""

    stage: Stage
    at: datetime
    purchase: Purchase | None = None
    touchpoint: Touchpoint | None = None


@dataclass(frozen=True)
class Standing:
    """A relationship at the end of a day, in words a page can show.

    `ways` to the next stage, `next`: any of them, each some needs together. None and
    empty at the last stage.
    """

    assessment: Assessment
    proofs: list[Proof]
    next: Stage | None
    ways: list[list[str]]


def standing(customer: Customer, shop: Shop, *, as_of: date) -> Standing | None:
    """Where the relationship stands, judged by the facts of this moment; None without any.

    Not read from what was last stored: a page must not lag behind the facts it shows.
    """
    rule = rule_of(shop.pk)
    assessment = assess(
        histories(shop, [customer.pk])[customer.pk],
        zone=shop.zone,
        settings=rule,
        yardstick=yardstick_of(shop.pk, rule),
        as_of=as_of,
    )
    if assessment is None:
        return None
    ways = assessment.next_ways
    return Standing(
        assessment=assessment,
        proofs=_proofs(shop.pk, assessment),
        next=Stage(assessment.stage + 1) if ways else None,
        ways=[[need_in_words(need.fact, need.at_least) for need in way] for way in ways],
    )


def _proofs(shop_id: int, assessment: Assessment) -> list[Proof]:
    """By gate from the highest, each gate's newest fact first."""
    refs = {ref for of_gate in assessment.evidence.values() for ref in of_gate}
    purchases = _by_ref(Purchase, shop_id, refs)
    touchpoints = _by_ref(Touchpoint, shop_id, refs)
    found = [
        Proof(stage, row.ordered_at, purchase=row)
        if (row := purchases.get(ref))
        else Proof(stage, touchpoints[ref].at, touchpoint=touchpoints[ref])
        for stage, of_gate in assessment.evidence.items()
        for ref in of_gate
    ]
    return sorted(found, key=lambda proof: (proof.stage, proof.at), reverse=True)


def _by_ref(model: Any, shop_id: int, refs: Iterable[str]) -> dict[str, Any]:
    """The rows that refs such as "purchase:12" name, by their ref."""
    kind = model._meta.model_name
    keys = [int(ref.partition(":")[2]) for ref in refs if ref.startswith(f"{kind}:")]
    return {f"{kind}:{row.pk}": row for row in model.objects.filter(shop_id=shop_id, pk__in=keys)}
