"""What was expected and what was felt, order by order, as two dots on one scale."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.stages.enums import Balance
from crm.stages.reading import Reading

SHOWN = 5
_LOWEST, _HIGHEST = Decimal(0), Decimal(10)


@dataclass(frozen=True)
class Pair:
    """An expectation and an evaluation on 0-10, and the band that counts as level.

    The places are those of a picture 100 high, in which 10 lies at 8 and 0 at 92.
    """

    expected: Decimal
    evaluated: Decimal
    tolerance: Decimal

    @property
    def expected_y(self) -> Decimal:
        return _y(self.expected)

    @property
    def evaluated_y(self) -> Decimal:
        return _y(self.evaluated)

    @property
    def band_y(self) -> Decimal:
        return _y(min(self.expected + self.tolerance, _HIGHEST))

    @property
    def band_height(self) -> Decimal:
        return _y(max(self.expected - self.tolerance, _LOWEST)) - self.band_y


@dataclass(frozen=True)
class Gap:
    """The answer that counts about one order; a feeling without numbers has no pair."""

    balance: Balance
    answered_on: date
    ordered_on: date | None
    pair: Pair | None


def gaps_of(reading: Reading, *, tolerance: Decimal) -> list[Gap]:
    """The newest few, newest first."""
    values = {
        version.fact.ref: version.fact.value
        for entry in reading.entries
        for version in entry.versions
    }
    gaps = []
    for answer in reversed(reading.answers.balances[-SHOWN:]):
        evaluated, expected = [*(values.get(ref) for ref in answer.refs), None][:2]
        pair = None
        if len(answer.refs) > 1 and expected is not None and evaluated is not None:
            pair = Pair(expected, evaluated, tolerance)
        gaps.append(
            Gap(
                balance=answer.balance,
                answered_on=answer.on,
                ordered_on=answer.purchase.on if answer.purchase else None,
                pair=pair,
            )
        )
    return gaps


def _y(value: Decimal) -> Decimal:
    return 92 - value * Decimal("8.4")
