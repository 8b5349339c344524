"""What the valid purchases of a person say (stages.md, section 1)."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from crm.stages.rule_settings import RuleSettings
from crm.stages.signs import Sign
from crm.stages.timeline import NEVER, Bought


class PurchaseBook:
    """A person's purchases, to be looked at on one day after another.

    Between two days on which a purchase is lost (cancelled, refunded in full) others only
    join it, so that what is valid on a day is the beginning of what is valid at the end.
    """

    def __init__(self, purchases: Sequence[Bought], *, settings: RuleSettings) -> None:
        self._valid = [one for one in purchases if one.on < one.gone_on]
        self._settings = settings
        self._losses = sorted({one.gone_on for one in self._valid} - {NEVER})
        self._open_at(0)

    def on(self, day: date) -> tuple[Sequence[Bought], Sequence[Sign]]:
        """The valid purchases at the end of the day and the decisions to buy, oldest first."""
        page = bisect_right(self._losses, day)
        if page != self._page:
            self._open_at(page)
        bought = self._bought[: bisect_right(self._bought, day, key=_on)]
        return bought, self._decisions[: bisect_right(self._decisions, day, key=_on)]

    def _open_at(self, page: int) -> None:
        lost_by = self._losses[page - 1] if page else date.min
        self._page = page
        self._bought = [one for one in self._valid if one.gone_on > lost_by]
        self._decisions = decisions_to_buy(self._bought, settings=self._settings)


def _on(dated: Bought | Sign) -> date:
    return dated.on


def decisions_to_buy(bought: Sequence[Bought], *, settings: RuleSettings) -> list[Sign]:
    """The distinct days on which the person decided to buy, oldest first.

    Renewals of one contract are one decision, on its first day. The renewal past the
    agreed count is a second: from there on the person stays of their own will.
    """
    decisions: dict[date, Sign] = {}
    contracts: dict[str, _Contract] = {}
    for one in bought:
        name = one.purchase.subscription_id
        contract = contracts.setdefault(name, _Contract(settings.agreed_renewals))
        if not name or contract.is_decided_by(one):
            decisions.setdefault(one.on, Sign(one.on, (one.ref,)))
    return list(decisions.values())


class _Contract:
    """The deliveries of one subscription as they come."""

    def __init__(self, agreed: int) -> None:
        self._agreed = agreed
        self._deliveries = 0
        self._is_continued = False

    def is_decided_by(self, delivery: Bought) -> bool:
        """Whether with this delivery the person decided: for it at all, or to stay on."""
        self._deliveries += 1
        if delivery.purchase.subscription_agreed is not None:
            # 0 (お約束なし) binds as little as 1: the second delivery is of their own will.
            self._agreed = max(1, delivery.purchase.subscription_agreed)
        is_past = self._deliveries > self._agreed and not self._is_continued
        self._is_continued = self._is_continued or is_past
        return is_past or self._deliveries == 1


def spent(bought: Sequence[Bought], day: date) -> int:
    """Hundredths of the shop's currency, less partial refunds; other currencies left out."""
    return sum(one.spent_on(day) for one in bought if not one.purchase.is_foreign)


def own_rhythm(decisions: Sequence[Sign], *, settings: RuleSettings) -> float | None:
    """The median gap in days between decisions to buy; None from too few of them."""
    if len(decisions) < max(2, settings.rhythm_from_days):
        return None
    return float(median((later.on - earlier.on).days for earlier, later in pairwise(decisions)))


def rhythm(own: float | None, *, of_shop: float | None, settings: RuleSettings) -> float:
    """The person's rhythm in days, else the shop's, else the default; never under the floor."""
    known = own if own is not None else of_shop
    return float(max(settings.rhythm_floor, settings.rhythm_default if known is None else known))
