"""Every number of the stage rule, each a setting of the shop."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

RULE = 1

Cuts = tuple[float, float, float, float]


@dataclass(frozen=True)
class RuleSettings:
    """The numbers of stages.md. Frozen: it is hashed, and stored with every assessment."""

    # 1. Facts
    gain_days: int = 365
    keep_days: int = 545
    agreed_renewals: int = 3  # お約束回数, where an order names none
    rhythm_from_days: int = 3  # own rhythm from this many days of decisions
    rhythm_default: float = 90
    rhythm_floor: float = 30
    tolerance: Decimal = Decimal("1.0")
    expectation_days: int = 3  # after the order, while delivery is unknown
    words_ja: int = 20
    words_other: int = 40
    words_nps: int = 7  # beside a lower score, words are no warm words
    review_act_stars: int = 3
    review_pass_stars: int = 4
    review_complaint_stars: int = 2

    # 2. Gates
    landing_days: int = 730
    landing_nps: int = 7
    landing_purchase_days: int = 2
    landing_words: int = 1
    landing_acts: int = 1
    empathy_words: int = 1
    empathy_acts: int = 1
    empathy_delights: int = 1
    empathy_nps: int = 9
    empathy_purchase_days: int = 2
    engagement_acts: int = 2
    circulation_passes: int = 2
    circulation_apart_days: int = 30
    circulation_passes_of_promoter: int = 1
    circulation_nps: int = 9
    circulation_purchase_days: int = 2

    # 4. Unresolved
    unresolved_step_days: int = 30
    unresolved_days: int = 545
    unresolved_purchase_days: int = 2

    # 5. Warmth, direction, marks
    weight_purchase: float = 3
    weight_answer: float = 1
    weight_delighted: float = 4
    weight_dissatisfied: float = -3
    weight_nps: float = 1
    weight_recovered: float = 5
    weight_complaint: float = -5
    weight_words: float = 2
    weight_act: float = 3
    weight_pass: float = 5
    weight_unsubscribed: float = -5
    quiet_below: float = 1
    direction_change: float = 0.15
    silence_rhythms: float = 1.5
    stalled_days: float = 90
    stalled_from_stays: int = 20
    dormant_days: int = 730
    regular_purchase_days: int = 5
    regular_rhythms: float = 2
    lapse_days: int = 60

    # 6. RFM: cut points a shop fixed itself, else the yardstick's quintiles. Spent in hundredths.
    recency_cuts: Cuts | None = None
    orders_cuts: Cuts | None = None
    spent_cuts: Cuts | None = None

    def __post_init__(self) -> None:
        if self.keep_days < self.gain_days:
            raise ValueError("keep_days must not be shorter than gain_days")
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more")
        for field in fields(self):
            if field.name.endswith("_days") and getattr(self, field.name) < 0:
                raise ValueError(f"{field.name} must not be negative")


# Of nothing there is no evidence, and by nothing nothing can be divided.
_AT_LEAST_ONE = (
    *("agreed_renewals", "rhythm_floor", "landing_purchase_days", "landing_words", "landing_acts"),
    *("empathy_words", "empathy_acts", "empathy_delights", "empathy_purchase_days"),
    *("engagement_acts", "circulation_passes", "circulation_passes_of_promoter"),
    *("circulation_purchase_days", "unresolved_step_days"),
)


def from_numbers(numbers: Mapping[str, Any]) -> RuleSettings:
    """The settings with these numbers changed, as a shop's row keeps them (in JSON).

    A name the rule does not know raises TypeError, a number it cannot work with ValueError.
    """
    changed: dict[str, Any] = {
        name: tuple(number) if isinstance(number, list) else number
        for name, number in numbers.items()
    }
    if "tolerance" in changed:
        changed["tolerance"] = Decimal(str(changed["tolerance"]))
    return RuleSettings(**changed)


def version(settings: RuleSettings) -> str:
    """The rule's number and a short hash of the settings, such as "1-3f2a9c01"."""
    numbers = json.dumps(
        {name: _plain(value) for name, value in asdict(settings).items()}, sort_keys=True
    )
    return f"{RULE}-{hashlib.sha256(numbers.encode()).hexdigest()[:8]}"


def _plain(value: float | Decimal | Cuts | None) -> float | list[float] | None:
    """The number as such: 90, 90.0 and Decimal("90.00") are one setting."""
    if value is None:
        return None
    return [float(cut) for cut in value] if isinstance(value, tuple) else float(value)
