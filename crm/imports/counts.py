from dataclasses import asdict, dataclass, field
from typing import Any

from crm.customers.intake import Taken


@dataclass
class Money:
    """The orders of a file in one currency. Void are those that do not count: cancelled,
    returned, tests and samples."""

    orders: int
    total: int  # hundredths
    void_orders: int
    void_total: int


@dataclass
class Counts:
    """What became of a file; kept as JSON in `ImportRun.counts`."""

    # Known once the file is staged:
    rows: int = 0
    records: int = 0  # orders or customers that can go in
    left_out: dict[str, int] = field(default_factory=dict)  # by Reason
    remarks: dict[str, int] = field(default_factory=dict)  # by Remark
    money: dict[str, Money] = field(default_factory=dict)  # by currency

    # Grown slice by slice:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    customers_created: int = 0
    customers_updated: int = 0
    unattached: int = 0
    masked: int = 0
    to_merge: int = 0

    # Known at the end:
    customers: int = 0

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Counts":
        money = {currency: Money(**each) for currency, each in kept.get("money", {}).items()}
        return cls(**{**kept, "money": money})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def add(self, taken: Taken) -> None:
        self.created += taken.created
        self.updated += taken.updated
        self.unchanged += taken.unchanged
        self.customers_created += taken.customers_created
        self.customers_updated += taken.customers_updated
        self.unattached += taken.unattached
        self.masked += taken.masked
        self.to_merge += len(taken.to_merge)

    @property
    def taken(self) -> int:
        """How many of the records are in."""
        return self.created + self.updated + self.unchanged

    @property
    def rows_left_out(self) -> int:
        return sum(self.left_out.values())

    @property
    def has_changed_nothing(self) -> bool:
        return not (
            self.created or self.updated or self.customers_created or self.customers_updated
        )
