"""What happened between a customer and the shop, told in days ago."""

from dataclasses import dataclass, field

from crm.guard.enums import Channel, Reason, Verdict
from crm.ledger.enums import Kind
from surveys.enums import Occasion

OWN_SITE = "本店サイト"
MARKETPLACE = "楽天市場店"
PHONE = "電話"


@dataclass(slots=True)
class Order:
    ago: int
    minute: int  # of the shop's day
    goods: tuple[str, ...]  # keys of goods.toml; 旬 is what is in season that day
    channel: str = OWN_SITE
    renewal: int | None = None  # the number of a delivery of a subscription
    days_under_way: int = 3
    is_cancelled: bool = False


@dataclass(slots=True)
class Answer:
    """What somebody of the shop replied to one or more facts; by mail it has words of its own."""

    ago: int
    minute: int
    by: int  # the place in the staff
    channel: Channel | None  # None: in another way
    words: str = ""


@dataclass(slots=True)
class Said:
    """A fact of the ledger. `about` is the place of its order; `whom` names the person
    introduced, empty for whoever came next. The `thread` of a complaint begins with its theme."""

    ago: int
    minute: int
    kind: Kind
    value: int | None = None
    text: str = ""  # {tea} stands for what was bought
    about: int | None = None
    stars: int | None = None
    is_public: bool = False
    is_rewarded: bool = False
    thread: str = ""
    whom: str = ""
    is_asked: bool = False  # by a survey of ours
    answer_words: str = ""  # what was replied, of the cast
    answer: Answer | None = None


@dataclass(slots=True)
class Asked:
    """A question we meant to mail about an order: sent, after a while or at once, or not.

    `ago` is when it was planned, `sent_ago` when it went out; None when it never did.
    """

    ago: int
    minute: int
    occasion: Occasion
    about: int
    sent_ago: int | None
    verdict: Verdict = Verdict.ALLOW
    reason: Reason = Reason.FINE


@dataclass(slots=True)
class Person:
    name: str
    kana: str = ""
    locale: str = ""
    orders: list[Order] = field(default_factory=list)  # oldest first
    said: list[Said] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    wants_letters: bool = False
    is_masked: bool = False  # known by a marketplace's stand-in address alone
    is_without_address: bool = False
    is_left_quiet: bool = False

    @property
    def met_ago(self) -> int:
        """How many days ago the shop first heard of them."""
        return max(self._days())

    @property
    def last_ago(self) -> int:
        """How many days ago something last happened."""
        return min(self._days())

    def _days(self) -> list[int]:
        return [order.ago for order in self.orders] + [said.ago for said in self.said]
