"""Some people on their way into the tables of one shop, and how their parts find one another."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from crm.customers.models import Customer, Purchase
from crm.ledger.models import Touchpoint
from crm.mail.models import Mail
from crm.shops.models import Shop
from horetsu_site.demo.life import Order, Person, Said
from horetsu_site.demo.words import read, sold_on
from surveys.models import Invitation, SurveyVersion

SOURCE = "otonari.example"  # whence ids and facts come, as staff read it


@dataclass
class Batch:
    """`today` is the day that is 0 days ago; `first` the number of the first person in the shop.

    An order is found by its customer and its place among theirs, an invitation by what it
    asks as well, a letter of ours by its customer and when it was written.
    """

    shop: Shop
    today: date
    versions: dict[str, SurveyVersion]  # by kind of survey
    people: list[Person]
    first: int = 1
    customers: list[Customer] = field(default_factory=list)  # in the order of the people
    purchases: dict[tuple[int, int], Purchase] = field(default_factory=dict)
    invitations: dict[tuple[int, int, str], Invitation] = field(default_factory=dict)
    letters: dict[tuple[int, int, int], Mail] = field(default_factory=dict)
    told: list[tuple[Said, Touchpoint]] = field(default_factory=list)  # the first to happen first

    @property
    def known(self) -> list[tuple[Person, Customer]]:
        return list(zip(self.people, self.customers, strict=True))

    def at(self, ago: int, minute: int) -> datetime:
        """A moment of the shop's day, so many days ago."""
        day = self.today - timedelta(days=ago)
        return datetime.combine(day, time(minute // 60, minute % 60), self.shop.zone)

    def goods(self, order: Order) -> tuple[str, ...]:
        """What was ordered, with the season of the day it was ordered on."""
        day = self.today - timedelta(days=order.ago)
        return tuple(sold_on(good, day) for good in order.goods)

    def tea(self, order: Order) -> str:
        """How a person calls the tea of an order."""
        teas = [good for good in self.goods(order) if read("goods")[good].get("is_tea")]
        return str(read("goods")[teas[0] if teas else "宵"]["product"]).partition(" ")[0]
