"""What the rule is given: the purchases and touchpoints of one customer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm.customers.enums import PurchaseStatus
from crm.ledger.enums import Kind, Standing


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as the shop knows it now. Amounts in hundredths; moments are aware."""

    id: int
    at: datetime
    total: int
    status: str = PurchaseStatus.PLACED
    voided_at: datetime | None = None
    refunded: int = 0
    refunded_at: datetime | None = None
    is_foreign: bool = False  # in another currency than the shop's
    delivered_at: datetime | None = None
    subscription_id: str = ""
    subscription_agreed: int | None = None  # お約束回数

    @property
    def ref(self) -> str:
        return f"purchase:{self.id}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A touchpoint of the ledger. For a referral, `others` are the purchases of the person
    referred, whom `other_id` names."""

    id: int
    kind: str
    at: datetime
    source: str
    value: Decimal | None = None
    purchase_id: int | None = None
    words_len: int = 0
    words_is_ja: bool = False
    stars: int | None = None
    is_rewarded: bool = False
    is_public: bool = False
    standing: str = Standing.COUNTS
    replaces_id: int | None = None
    response: str = ""
    thread: str = ""
    other_id: int | None = None
    others: tuple[Purchase, ...] = ()

    @property
    def ref(self) -> str:
        return f"touchpoint:{self.id}"

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer to one of our questions."""
        return self.kind in ANSWERS


ANSWERS = frozenset({Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED, Kind.NPS, Kind.RECOVERY})


@dataclass(frozen=True, slots=True)
class History:
    """All facts of one person, in any order; the same fact twice is one fact.

    `customer_ids` are the ids this person has, so that an introduction of oneself, left
    over from a merge, is seen for what it is.
    """

    purchases: tuple[Purchase, ...] = ()
    facts: tuple[Fact, ...] = ()
    customer_ids: frozenset[int] = frozenset()


def merge(*histories: History) -> History:
    """The histories as those of one person, from the start."""
    return History(
        purchases=tuple(purchase for history in histories for purchase in history.purchases),
        facts=tuple(fact for history in histories for fact in history.facts),
        customer_ids=frozenset().union(*(history.customer_ids for history in histories)),
    )
