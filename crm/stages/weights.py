"""The weight of each fact in the warmth of a relationship: one per fact (stages.md, section 5)."""

from crm.ledger.enums import Kind
from crm.stages.enums import Balance
from crm.stages.reading import Reading
from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign
from crm.stages.timeline import Entry
from crm.stages.voices import opens_complaint


def weigh(reading: Reading, *, settings: RuleSettings) -> list[tuple[Sign, float]]:
    """Each fact that weighs anything, with the day its weight counts from.

    A fact that is several things (a score with words, a review that is also a pass) has
    the largest of their weights; one that speaks of dissatisfaction has that weight alone.
    """
    best: dict[str, tuple[Sign, float]] = {}

    def offer(sign: Sign, weight: float) -> None:
        known = best.get(sign.refs[0])
        if known is None or weight > known[1]:
            best[sign.refs[0]] = (sign, weight)

    for one in reading.bought:
        offer(Sign(one.on, (one.ref,)), settings.weight_purchase)
    for signs, weight in (
        (reading.words, settings.weight_words),
        (reading.all_acts, settings.weight_act),
        (reading.all_passes, settings.weight_pass),
    ):
        for sign in signs:
            offer(sign, weight)
    for answer in reading.answers.balances:
        weight = {
            Balance.DISSATISFIED: settings.weight_dissatisfied,
            Balance.SATISFIED: settings.weight_answer,
            Balance.DELIGHTED: settings.weight_delighted,
        }[answer.balance]
        offer(_sign(answer.entry), weight)
    for answer in reading.answers.recoveries:
        if answer.balance is not Balance.DISSATISFIED:
            offer(_sign(answer.entry), settings.weight_recovered)
    for entry in reading.entries:
        if entry.fact.kind == Kind.NPS and entry.fact.value is not None:
            offer(_sign(entry), settings.weight_nps)
        elif entry.fact.kind == Kind.COMPLAINT or opens_complaint(entry, settings):
            offer(_sign(entry), settings.weight_complaint)
        elif entry.fact.kind == Kind.UNSUBSCRIBED:
            offer(_sign(entry), settings.weight_unsubscribed)
    return [pair for pair in best.values() if pair[1] != 0]


def _sign(entry: Entry) -> Sign:
    return Sign(entry.on, (entry.fact.ref,))
