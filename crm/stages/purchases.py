"""What the valid purchases of a person say (stages.md, section 1)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign, one_a_day
from crm.stages.timeline import Bought


def decisions_to_buy(bought: Sequence[Bought], *, settings: RuleSettings) -> tuple[Sign, ...]:
    """The distinct days on which the person decided to buy, newest first.

    Renewals of one contract are one decision, on its first day. The renewal past the
    agreed count is a second: from there on the person stays of their own will.
    """
    decisions = []
    renewals: dict[str, int] = {}
    for one in bought:
        contract = one.purchase.subscription_id
        if contract:
            renewals[contract] = renewals.get(contract, 0) + 1
            if renewals[contract] not in (1, _agreed(contract, bought, settings) + 1):
                continue
        decisions.append(Sign(one.on, (one.ref,)))
    return one_a_day(decisions)


def _agreed(contract: str, bought: Sequence[Bought], settings: RuleSettings) -> int:
    """How many deliveries the contract asks for; 0 (お約束なし) binds as little as 1."""
    named = (
        one.purchase.subscription_agreed
        for one in bought
        if one.purchase.subscription_id == contract and one.purchase.subscription_agreed is not None
    )
    return max(1, next(named, settings.agreed_renewals))


def spent(bought: Sequence[Bought], day: date) -> int:
    """Hundredths of the shop's currency, less partial refunds; other currencies left out."""
    return sum(one.spent_on(day) for one in bought if not one.purchase.is_foreign)


def own_rhythm(decisions: Sequence[Sign], *, settings: RuleSettings) -> float | None:
    """The median gap in days between decisions to buy; None from too few of them."""
    if len(decisions) < max(2, settings.rhythm_from_days):
        return None
    return float(median((later.on - earlier.on).days for later, earlier in pairwise(decisions)))


def rhythm(own: float | None, *, of_shop: float | None, settings: RuleSettings) -> float:
    """The person's rhythm in days, else the shop's, else the default; never under the floor."""
    known = own if own is not None else of_shop
    return float(max(settings.rhythm_floor, settings.rhythm_default if known is None else known))
