"""What a person is compared with: figures of the whole shop, renewed from time to time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median

from crm.stages.enums import Stage
from crm.stages.purchases import own_rhythm, spent
from crm.stages.replay import Replay
from crm.stages.rfm import quantile, quintile_cuts
from crm.stages.rule_settings import Cuts, RuleSettings

_THREE_QUARTERS = Fraction(3, 4)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A shop's figures; None where there is too little to tell, so that defaults apply.

    `dwell_days` is by stage, Observer to Engagement: the 75th percentile of the stays in
    it that ended in a rise. Spent in hundredths.
    """

    rhythm_days: float | None = None
    recency_cuts: Cuts | None = None
    orders_cuts: Cuts | None = None
    spent_cuts: Cuts | None = None
    dwell_days: tuple[float | None, float | None, float | None, float | None] = (None,) * 4

    def dwell_in(self, stage: Stage, settings: RuleSettings) -> float:
        """After how many days somebody below Circulation has stayed long in this stage."""
        known = self.dwell_days[stage]
        return settings.stalled_days if known is None else known

    def cuts(self, settings: RuleSettings) -> tuple[Cuts, Cuts, Cuts] | None:
        """The cut points of R, F and M: those the shop fixed, else its quintiles."""
        recency = settings.recency_cuts or self.recency_cuts
        orders = settings.orders_cuts or self.orders_cuts
        spent = settings.spent_cuts or self.spent_cuts
        return (recency, orders, spent) if recency and orders and spent else None


def measuring_day(as_of: date, *, today: date) -> date:
    """The last completed day up to `as_of`: half a day would make everybody look later."""
    return min(as_of, today - timedelta(days=1))


class YardstickMaker:
    """Collects a shop's customers one by one, so that they need not all be in memory."""

    def __init__(self, settings: RuleSettings) -> None:
        self._settings = settings
        self._rhythms: list[float] = []
        self._recency: list[int] = []
        self._orders: list[int] = []
        self._spent: list[int] = []
        self._rises: dict[Stage, list[int]] = {stage: [] for stage in Stage}

    def add(self, customer: Replay) -> None:
        """Take in a customer replayed to the end of the last completed day."""
        reading = customer.reading
        own = own_rhythm(reading.decisions, settings=self._settings)
        if own is not None:
            self._rhythms.append(own)
        if last := reading.last_purchase:
            self._recency.append((customer.as_of - last.on).days)
            self._orders.append(len(reading.bought))
            self._spent.append(spent(reading.bought, customer.as_of))
        for stay, following in pairwise(customer.spells):
            if following.stage > stay.stage:
                self._rises[stay.stage].append((following.from_on - stay.from_on).days)

    def make(self) -> Yardstick:
        """The yardstick of all customers taken in, the same in whatever order they came."""
        has_orders = bool(self._recency)
        return Yardstick(
            rhythm_days=float(median(self._rhythms)) if self._rhythms else None,
            recency_cuts=quintile_cuts(self._recency) if has_orders else None,
            orders_cuts=quintile_cuts(self._orders) if has_orders else None,
            spent_cuts=quintile_cuts(self._spent) if has_orders else None,
            dwell_days=(
                self._dwell(Stage.OBSERVER),
                self._dwell(Stage.LANDING),
                self._dwell(Stage.EMPATHY),
                self._dwell(Stage.ENGAGEMENT),
            ),
        )

    def _dwell(self, stage: Stage) -> float | None:
        stays = self._rises[stage]
        if not stays or len(stays) < self._settings.stalled_from_stays:
            return None
        return quantile(sorted(stays), _THREE_QUARTERS)


def yardstick(customers: Iterable[Replay], *, settings: RuleSettings) -> Yardstick:
    """The yardstick of these customers, each replayed to the same day."""
    maker = YardstickMaker(settings)
    for customer in customers:
        maker.add(customer)
    return maker.make()
