"""What a customer page says of a relationship: where it stands, on what, and what may come."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from crm.customers.models import Customer, Purchase
from crm.figures.charts import Chart
from crm.guard.measures import FORBIDDEN
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.enums import Direction, Mark, Stage
from crm.stages.facts import History
from crm.stages.labels import need_in_words
from crm.stages.models import Relationship, StageSpell
from crm.stages.reading import Reader, Reading
from crm.stages.replay import Spell, replay
from crm.stages.rfm import Scores
from crm.stages.rule_settings import RuleSettings
from crm.stages.rules import Account, CustomerFacts, account, judge
from crm.stages.selectors import histories, rule_of, yardstick_of
from crm.stages.timeline import timeline
from crm.stages.warmth import Warmth
from crm.stages.weights import weigh
from crm.stages.yardsticks import Yardstick
from horetsu_site.pages.curve import Weights, as_told, curve_of
from horetsu_site.pages.gaps import Gap, gaps_of
from horetsu_site.pages.timeline import Key

#: So many facts are replayed while somebody waits for the page. With more of them, stage, stays,
#: marks and direction are as last stored; what one reading of the facts tells is as of now.
REPLAYED_AT_ONCE = 400


@dataclass(frozen=True)
class Proof:
    """A fact that a gate rests on; one of the two."""

    stage: Stage
    at: datetime
    purchase: Purchase | None = None
    touchpoint: Touchpoint | None = None

    @property
    def anchor(self) -> str:
        """Its place on the line of time."""
        return f"{self._kind}-{self._pk}"

    @property
    def after(self) -> Key:
        """The key of a page of the line of time that begins with it."""
        return Key(self.at, self._kind, self._pk + 1)

    @property
    def _kind(self) -> str:
        return "purchase" if self.purchase else "touchpoint"

    @property
    def _pk(self) -> int:
        row = self.purchase or self.touchpoint
        assert row is not None
        return row.pk


@dataclass(frozen=True)
class Standing:
    """A relationship at the end of a day, in words a page can show.

    `spells` are oldest first. `ways` to the next stage, `next`: any of them, each some needs
    together; None and empty at the last stage. `lapses_on` is the day the stage falls by itself,
    where that is near; `forbidden` what the stage does not bear.
    """

    stage: Stage
    since: date
    peak: Stage
    spells: Sequence[Spell]
    marks: Sequence[Mark]
    direction: Direction
    cooling_since: date | None
    lapses_on: date | None
    facts: CustomerFacts
    scores: Scores | None
    warmth: float
    proofs: list[Proof]
    next: Stage | None
    ways: list[list[str]]
    forbidden: list[Promise]
    curve: Chart
    gaps: list[Gap]


@dataclass(frozen=True)
class _Judged:
    """What either way of judging comes to."""

    stage: Stage
    since: date
    peak: Stage
    spells: Sequence[Spell]
    marks: Sequence[Mark]
    direction: Direction
    cooling_since: date | None
    review_on: date | None
    account: Account
    reading: Reading
    news: Sequence[date]
    warmth: Callable[[date], float]
    weights: Weights


def standing(customer: Customer, shop: Shop, *, as_of: date) -> Standing | None:
    """Where the relationship stands, judged by the facts of this moment; None without any.

    Not read from what was last stored, unless the facts are very many: a page must not lag
    behind the facts it shows.
    """
    rule = rule_of(shop.pk)
    yardstick = yardstick_of(shop.pk, rule)
    history = histories(shop, [customer.pk])[customer.pk]
    is_large = len(history.facts) + len(history.purchases) > REPLAYED_AT_ONCE
    found = (_as_stored if is_large else _replayed)(history, shop, rule, yardstick, as_of)
    if found is None:
        return None
    facts, ways = found.account.facts, found.account.next_ways
    return Standing(
        stage=found.stage,
        since=found.since,
        peak=found.peak,
        spells=found.spells,
        marks=found.marks,
        direction=found.direction,
        cooling_since=found.cooling_since,
        lapses_on=found.review_on if Mark.ABOUT_TO_LAPSE in found.marks else None,
        facts=facts,
        scores=found.account.scores,
        warmth=found.warmth(as_of),
        proofs=_proofs(shop.pk, found.account.evidence),
        next=Stage(found.stage + 1) if ways else None,
        ways=[[need_in_words(need.fact, need.at_least) for need in way] for way in ways],
        forbidden=[each.measure.label for each in FORBIDDEN if found.stage in each.stages],
        curve=curve_of(
            found.warmth,
            found.reading,
            found.weights,
            news=found.news,
            rhythm_days=facts.rhythm_days,
            direction=found.direction,
            as_of=as_of,
        ),
        gaps=gaps_of(found.reading, tolerance=rule.tolerance),
    )


def _replayed(
    history: History, shop: Shop, rule: RuleSettings, yardstick: Yardstick, as_of: date
) -> _Judged | None:
    replayed = replay(history, zone=shop.zone, settings=rule, as_of=as_of)
    if replayed is None:
        return None
    found = judge(replayed, yardstick=yardstick)
    return _Judged(
        stage=found.stage,
        since=found.stage_since,
        peak=found.peak,
        spells=found.spells,
        marks=found.marks,
        direction=found.direction,
        cooling_since=found.cooling.since_on if found.cooling else None,
        review_on=found.review_on,
        account=Account(found.facts, found.evidence, found.next_ways, found.scores),
        reading=replayed.reading,
        news=replayed.reader.known.days,
        warmth=Warmth(replayed.reader, rhythm_days=found.facts.rhythm_days, settings=rule).on,
        weights=weigh(replayed.reading, settings=rule),
    )


def _as_stored(
    history: History, shop: Shop, rule: RuleSettings, yardstick: Yardstick, as_of: date
) -> _Judged | None:
    known = timeline(history, zone=shop.zone, until=as_of)
    of_customer = {"shop": shop, "customer_id__in": history.customer_ids}
    stored = Relationship.objects.filter(**of_customer).first()
    if known is None or stored is None:
        return None
    reading = Reader(known, settings=rule).read(as_of)
    stage = Stage(stored.stage)
    spells = StageSpell.objects.filter(**of_customer).order_by("from_on")
    found = account(reading, stage=stage, day=as_of, settings=rule, yardstick=yardstick)
    weights = weigh(reading, settings=rule)
    return _Judged(
        stage=stage,
        since=stored.since_on,
        peak=Stage(stored.peak),
        spells=[Spell(Stage(row.stage), row.from_on, row.to_on) for row in spells],
        marks=[Mark(mark) for mark in stored.marks],
        direction=Direction(stored.direction),
        cooling_since=None,
        review_on=stored.review_on,
        account=found,
        reading=reading,
        news=known.days,
        warmth=as_told(weights, rhythm_days=found.facts.rhythm_days),
        weights=weights,
    )


def _proofs(shop_id: int, evidence: dict[Stage, tuple[str, ...]]) -> list[Proof]:
    """By gate from the highest, each gate's newest fact first."""
    refs = {ref for of_gate in evidence.values() for ref in of_gate}
    purchases = _by_ref(Purchase, shop_id, refs)
    touchpoints = _by_ref(Touchpoint, shop_id, refs)
    found = [
        Proof(stage, row.ordered_at, purchase=row)
        if (row := purchases.get(ref))
        else Proof(stage, touchpoints[ref].at, touchpoint=touchpoints[ref])
        for stage, of_gate in evidence.items()
        for ref in of_gate
    ]
    return sorted(found, key=lambda proof: (proof.stage, proof.at), reverse=True)


def _by_ref(model: Any, shop_id: int, refs: Iterable[str]) -> dict[str, Any]:
    """The rows that refs such as "purchase:12" name, by their ref."""
    kind = model._meta.model_name
    keys = [int(ref.partition(":")[2]) for ref in refs if ref.startswith(f"{kind}:")]
    return {f"{kind}:{row.pk}": row for row in model.objects.filter(shop_id=shop_id, pk__in=keys)}
