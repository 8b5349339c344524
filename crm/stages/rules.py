"""The stage rule as one pure decision: no query, no clock, no settings of the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from crm.stages.enums import Balance, Direction, Mark, Recovered, Stage
from crm.stages.facts import History
from crm.stages.gates import Need, Ways, gates
from crm.stages.marks import outlook
from crm.stages.purchases import own_rhythm, rhythm, spent
from crm.stages.reading import Reading
from crm.stages.replay import Replay, Spell, replay
from crm.stages.rfm import Scores, scores
from crm.stages.rule_settings import RuleSettings, version
from crm.stages.signs import Sign
from crm.stages.timeline import plus
from crm.stages.warmth import Cooling, Warmth
from crm.stages.yardsticks import Yardstick


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The facts of section 1, counted in the gain window. Amounts in hundredths, gaps and
    ages in days; None where there is nothing to tell."""

    orders: int
    foreign_orders: int  # in another currency: in `orders`, not in `spent`
    purchase_days: int
    spent: int
    first_purchase_on: date | None
    last_purchase_on: date | None
    tenure_days: int | None
    recency_days: int | None
    rhythm_days: float
    balance: Balance | None
    nps: int | None
    words: int
    delights: int
    acts: int
    passes: int
    recovered: Recovered | None
    is_unresolved: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """All the rule says of a customer at the end of `as_of`.

    `evidence` names for each gate up to the stage the rows it rests on, such as
    "touchpoint:12"; it changes only with new facts or with the stage. `next_ways` are the
    ways in which the next gate would open, empty at Circulation.
    """

    as_of: date
    version: str
    stage: Stage
    stage_since: date
    peak: Stage
    spells: tuple[Spell, ...]
    facts: CustomerFacts
    evidence: dict[Stage, tuple[str, ...]]
    next_ways: Ways
    unresolved_since: date | None
    unresolved_refs: tuple[str, ...]
    marks: tuple[Mark, ...]
    warmth: float
    direction: Direction
    cooling: Cooling | None
    scores: Scores | None
    review_on: date | None
    remark_on: date | None
    turn_on: date | None  # the first later day on which direction or balance would differ


@dataclass(frozen=True, slots=True)
class Account:
    """What a reading says of a customer who stands at a stage; of `Assessment` the part that
    takes no replay."""

    facts: CustomerFacts
    evidence: dict[Stage, tuple[str, ...]]
    next_ways: Ways
    scores: Scores | None


def assess(
    history: History,
    *,
    zone: ZoneInfo,
    settings: RuleSettings,
    yardstick: Yardstick,
    as_of: date,
) -> Assessment | None:
    """Judge a customer at the end of `as_of`, a day of the shop's zone.

    None where nothing was known by then. Facts may come in any order and repeatedly;
    later ones do not exist yet.
    """
    replayed = replay(history, zone=zone, settings=settings, as_of=as_of)
    return judge(replayed, yardstick=yardstick) if replayed else None


def judge(replayed: Replay, *, yardstick: Yardstick) -> Assessment:
    """Judge a customer already replayed."""
    settings, reading, as_of = replayed.settings, replayed.reading, replayed.as_of
    stage, trouble = replayed.position.stage, replayed.position.trouble
    found = account(reading, stage=stage, day=as_of, settings=settings, yardstick=yardstick)
    rhythm_days = found.facts.rhythm_days
    ahead = outlook(replayed, rhythm_days=rhythm_days, yardstick=yardstick)
    warmth = Warmth(replayed.reader, rhythm_days=rhythm_days, settings=settings)
    direction = warmth.direction_on(as_of)
    return Assessment(
        as_of=as_of,
        version=version(settings),
        stage=stage,
        stage_since=ahead.stays[0].from_on,
        peak=max(spell.stage for spell in replayed.spells),
        spells=replayed.spells,
        facts=found.facts,
        evidence=found.evidence,
        next_ways=found.next_ways,
        unresolved_since=trouble.began_on if trouble else None,
        unresolved_refs=reading.unresolved.refs if trouble and reading.unresolved else (),
        marks=ahead.marks_on(as_of),
        warmth=warmth.on(as_of),
        direction=direction,
        cooling=warmth.cooling_on(as_of) if direction is Direction.COOLING else None,
        scores=found.scores,
        review_on=ahead.review_on,
        remark_on=ahead.remark_on,
        turn_on=min(
            filter(None, (warmth.turns_on(as_of), _balance_ends_on(reading, as_of, settings))),
            default=None,
        ),
    )


def account(
    reading: Reading, *, stage: Stage, day: date, settings: RuleSettings, yardstick: Yardstick
) -> Account:
    """What is known at the end of the day of a customer who stands at this stage then."""
    facts = _facts(reading, day, settings, yardstick)
    return Account(
        facts=facts,
        evidence=_evidence(reading, stage, settings),
        next_ways=_next_ways(reading, stage, day, settings),
        scores=_scores(facts, yardstick, settings),
    )


def _facts(
    reading: Reading, as_of: date, settings: RuleSettings, yardstick: Yardstick
) -> CustomerFacts:
    window = settings.gain_days
    bought, answers = reading.bought, reading.answers
    first_on = bought[0].on if bought else None
    last_on = bought[-1].on if bought else None
    recent = [answer for answer in answers.balances if plus(answer.on, window) >= as_of]
    recoveries = {
        answer.balance for answer in answers.recoveries if plus(answer.on, window) >= as_of
    }
    nps = answers.nps.fact.value if answers.nps and plus(answers.nps.on, window) >= as_of else None
    return CustomerFacts(
        orders=len(bought),
        foreign_orders=sum(one.purchase.is_foreign for one in bought),
        purchase_days=len(reading.decisions),
        spent=spent(bought, as_of),
        first_purchase_on=first_on,
        last_purchase_on=last_on,
        tenure_days=(last_on - first_on).days if first_on and last_on else None,
        recency_days=(as_of - last_on).days if last_on else None,
        rhythm_days=rhythm(
            own_rhythm(reading.decisions, settings=settings),
            of_shop=yardstick.rhythm_days,
            settings=settings,
        ),
        balance=recent[-1].balance if recent else None,
        nps=int(nps) if nps is not None else None,
        words=_inside(reading.words, window, as_of),
        delights=sum(answer.balance is Balance.DELIGHTED for answer in recent),
        acts=_inside(reading.acts, window, as_of),
        passes=_inside(reading.passes, window, as_of),
        recovered=_recovered(recoveries),
        is_unresolved=reading.is_unresolved_on(as_of),
    )


def _balance_ends_on(reading: Reading, day: date, settings: RuleSettings) -> date | None:
    """The day the answer that says the balance today leaves the window."""
    if not reading.answers.balances:
        return None
    ends_on = plus(reading.answers.balances[-1].on, settings.gain_days + 1)
    return ends_on if ends_on > day else None


def _inside(signs: Iterable[Sign], window: int, day: date) -> int:
    return sum(plus(sign.on, window) >= day for sign in signs)


def _recovered(balances: set[Balance]) -> Recovered | None:
    if Balance.DELIGHTED in balances:
        return Recovered.EXCEEDED
    return Recovered.MET if Balance.SATISFIED in balances else None


def _evidence(
    reading: Reading, stage: Stage, settings: RuleSettings
) -> dict[Stage, tuple[str, ...]]:
    """What keeps each gate up to the stage open: with the keep window, as from tomorrow on."""
    supports = {
        each: gate.support(reading, settings.keep_days)
        for each, gate in gates(settings).items()
        if each <= stage
    }
    return {each: support.refs for each, support in supports.items() if support}


def _next_ways(reading: Reading, stage: Stage, day: date, settings: RuleSettings) -> Ways:
    if stage is Stage.CIRCULATION:
        return ()
    if reading.is_unresolved_on(day):  # while unresolved nobody moves up
        return ((Need("resolution", "1"),),)
    return gates(settings)[Stage(stage + 1)].missing(reading, settings.gain_days, day)


def _scores(facts: CustomerFacts, yardstick: Yardstick, settings: RuleSettings) -> Scores | None:
    cuts = yardstick.cuts(settings)
    if cuts is None or facts.recency_days is None:
        return None
    return scores(
        recency_days=facts.recency_days, orders=facts.orders, spent=facts.spent, cuts=cuts
    )
