"""Keeping what was judged: where each customer stands, how they came there, what was believed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from crm.stages.models import AssessmentLog, Relationship, StageSpell
from crm.stages.rules import Assessment


def store(
    *, shop_id: int, customer_ids: Iterable[int], assessments: Mapping[int, Assessment]
) -> None:
    """Write what these assessments change for these customers, whose rows are locked.

    A row that says the same stays untouched. A customer without an assessment loses theirs:
    nothing is known of them any more.
    """
    of_these = {"shop_id": shop_id, "customer_id__in": list(customer_ids)}
    before = {row.customer_id: row for row in Relationship.objects.filter(**of_these)}
    changed, believed = [], []
    for customer_id, assessment in assessments.items():
        columns = _columns(assessment)
        row = before.pop(customer_id, None)
        if row is None or any(getattr(row, name) != value for name, value in columns.items()):
            changed.append(Relationship(shop_id=shop_id, customer_id=customer_id, **columns))
        if row is None or any(getattr(row, name) != columns[name] for name in _LOGGED):
            believed.append(_log(shop_id, customer_id, assessment, columns))
    Relationship.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=_COLUMNS,
    )
    AssessmentLog.objects.bulk_create(believed)
    forgotten = [row.pk for row in before.values()]
    Relationship.objects.filter(shop_id=shop_id, pk__in=forgotten).delete()
    _store_spells(shop_id, of_these, assessments)


_LOGGED = ("stage", "marks", "gates")
_COLUMNS = [
    field.name
    for field in Relationship._meta.local_fields
    if field.name not in ("id", "shop", "customer")
]


def _columns(assessment: Assessment) -> dict[str, Any]:
    facts = assessment.facts
    return {
        "stage": int(assessment.stage),
        "since_on": assessment.stage_since,
        "peak": int(assessment.peak),
        "marks": [str(mark) for mark in assessment.marks],
        "direction": str(assessment.direction),
        "balance": str(facts.balance or ""),
        "orders": facts.orders,
        "spent": facts.spent,
        "first_on": facts.first_purchase_on,
        "last_on": facts.last_purchase_on,
        "gates": {str(int(stage)): list(refs) for stage, refs in assessment.evidence.items()},
        "review_on": assessment.review_on,
        "remark_on": assessment.remark_on,
        "turn_on": assessment.turn_on,
        "version": assessment.version,
    }


def _log(
    shop_id: int, customer_id: int, assessment: Assessment, columns: dict[str, Any]
) -> AssessmentLog:
    ways = [[[need.fact, need.at_least] for need in way] for way in assessment.next_ways]
    return AssessmentLog(
        shop_id=shop_id,
        customer_id=customer_id,
        as_of=assessment.as_of,
        stage=columns["stage"],
        since_on=columns["since_on"],
        marks=columns["marks"],
        gates={"passed": columns["gates"], "next": ways},
        facts=_plain(asdict(assessment.facts)),
        review_on=columns["review_on"],
        version=columns["version"],
    )


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


def _store_spells(
    shop_id: int, of_these: dict[str, Any], assessments: Mapping[int, Assessment]
) -> None:
    wanted = {
        (customer_id, int(spell.stage), spell.from_on, spell.to_on)
        for customer_id, assessment in assessments.items()
        for spell in assessment.spells
    }
    stored = {
        (row.customer_id, row.stage, row.from_on, row.to_on): row.pk
        for row in StageSpell.objects.filter(**of_these)
    }
    gone = [pk for spell, pk in stored.items() if spell not in wanted]
    StageSpell.objects.filter(shop_id=shop_id, pk__in=gone).delete()
    StageSpell.objects.bulk_create(
        StageSpell(
            shop_id=shop_id, customer_id=customer_id, stage=stage, from_on=from_on, to_on=to_on
        )
        for customer_id, stage, from_on, to_on in sorted(
            wanted - stored.keys(), key=lambda spell: (spell[0], spell[2])
        )
    )
