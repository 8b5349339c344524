"""Whether the shop's own figures bear out the formula (domain.md, section 1): pure."""

from dataclasses import dataclass
from enum import StrEnum

from crm.figures.report import Feelings
from crm.figures.shares import Share, difference
from crm.stages.enums import Balance


class Verdict(StrEnum):
    HOLDS = "holds"
    OPEN = "open"  # the figures do not tell yet
    CONTRARY = "contrary"


class Claim(StrEnum):
    """What the formula says of each feeling, against what was as expected."""

    DELIGHT_PASSES_ON = "delight_passes_on"
    SHORTFALL_COMPLAINS = "shortfall_complains"


@dataclass(frozen=True)
class Finding:
    claim: Claim
    verdict: Verdict


def findings(pairs: Feelings) -> list[Finding]:
    """What the pairs say to each claim."""
    below, level, above = (pairs.followed[balance] for balance in Balance)
    return [
        Finding(Claim.DELIGHT_PASSES_ON, _is_more(above.passed, level.passed)),
        Finding(Claim.SHORTFALL_COMPLAINS, _is_more(below.complained, level.complained)),
    ]


def _is_more(one: Share, other: Share) -> Verdict:
    if not (one.is_readable and other.is_readable):
        return Verdict.OPEN
    low, high = difference(one, other)
    if low > 0:
        return Verdict.HOLDS
    return Verdict.CONTRARY if high < 0 else Verdict.OPEN
