"""The latest words of customers, with what they said of their order."""

from dataclasses import dataclass
from datetime import date

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.enums import Balance
from crm.stages.reading import Reader
from crm.stages.selectors import histories, rule_of
from crm.stages.timeline import timeline

SHOWN = 4
_LOOKED_THROUGH = 100  # the newest; a shop that imports old words sees them among these at most
_VOICES = [
    Kind.EVALUATION,
    Kind.PERCEIVED,
    Kind.NPS,
    Kind.LETTER,
    Kind.REVIEW,
    Kind.IDEA,
    Kind.COMMUNITY,
    Kind.SHARE,
    Kind.RECOVERY,
]


@dataclass(frozen=True)
class Letter:
    """What somebody wrote; `balance` where it stands beside an answer that has one."""

    fact: Touchpoint
    balance: Balance | None

    @property
    def text(self) -> str:
        return self.fact.text_row.text


def latest_letters(shop: Shop, *, today: date) -> list[Letter]:
    """The newest words, in the order in which they were said."""
    newest = (
        Touchpoint.objects.filter(shop=shop, text_row__shop=shop, customer__erased_at=None)
        .exclude(standing=Standing.SUSPECTED)
        .select_related("text_row", "customer")
        .order_by("-text_row__touchpoint_id")[:_LOOKED_THROUGH]
    )
    edited = {fact.replaces_id for fact in newest}
    said = [fact for fact in newest if fact.kind in _VOICES and fact.pk not in edited]
    said.sort(key=lambda fact: fact.at, reverse=True)
    shown = said[:SHOWN]
    balances = _balances(shop, [fact.customer_id for fact in shown], today)
    return [Letter(fact, balances.get(f"touchpoint:{fact.pk}")) for fact in shown]


def _balances(shop: Shop, customer_ids: list[int], today: date) -> dict[str, Balance]:
    """What each answer of these people says, by its touchpoint; judged as everywhere."""
    rule = rule_of(shop.pk)
    found: dict[str, Balance] = {}
    for history in histories(shop, customer_ids).values():
        known = timeline(history, zone=shop.zone, until=today)
        if known:
            found |= Reader(known, settings=rule).read(today).answers.verdicts
    return found
