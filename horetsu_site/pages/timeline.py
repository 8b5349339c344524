"""Everything that happened with one customer, in one line of time, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from crm.customers.models import Customer, Purchase
from crm.ledger.models import Touchpoint
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.shops.paging import key_of
from crm.stages.replay import Spell

SIZE = 50  # entries a page
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Key:
    """The place of an entry: two things at one moment have an order all the same."""

    at: datetime
    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.kind}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The key an address carries; None for what none of ours says."""
        micros, kind, pk = [*text.split("."), "", ""][:3]
        moment, row = key_of(micros), key_of(pk)
        if moment is None or row is None or moment > (_END - _EPOCH) // timedelta(microseconds=1):
            return None
        return cls(_EPOCH + timedelta(microseconds=moment), kind, row)


@dataclass(frozen=True)
class Entry:
    key: Key
    it: Any  # the row; `key.kind` says of which table
    before: Any = None  # of a stage: the stage before it

    @property
    def at(self) -> datetime:
        return self.key.at

    @property
    def template(self) -> str:
        return f"pages/timeline/{self.key.kind}.html"


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    next_after: Key | None  # the older ones come after it; None when there are none


def timeline(
    customer: Customer, shop: Shop, *, spells: Sequence[Spell] = (), after: Key | None = None
) -> Timeline:
    """The fifty newest entries, or those that come after a key; `spells` oldest first."""
    of_customer = {"shop": shop, "customer": customer}
    purchases = Purchase.objects.filter(**of_customer).annotate(moment=F("ordered_at"))
    touchpoints = Touchpoint.objects.filter(**of_customer).annotate(moment=F("at"))
    # A mail that still waits stands at the moment it waits for.
    mails = Mail.objects.filter(**of_customer).annotate(moment=Coalesce("accepted_at", "due_at"))
    entries = [
        *_newest("purchase", purchases.prefetch_related("lines"), after),
        *_newest("touchpoint", touchpoints.select_related("text_row", "other_customer"), after),
        *_newest("mail", mails, after),
        *_stages(spells, shop, after),
    ]
    entries.sort(key=lambda entry: entry.key, reverse=True)
    return Timeline(entries[:SIZE], entries[SIZE - 1].key if len(entries) > SIZE else None)


def _newest(kind: str, rows: QuerySet[Any], after: Key | None) -> list[Entry]:
    """The first rows after the key, one more than a page holds, so that the page knows of more."""
    if after:
        older = Q(moment__lt=after.at)
        if kind < after.kind:
            older |= Q(moment=after.at)
        elif kind == after.kind:
            older |= Q(moment=after.at, pk__lt=after.pk)
        rows = rows.filter(older)
    found = rows.order_by("-moment", "-pk")[: SIZE + 1]
    return [Entry(Key(row.moment, kind, row.pk), row) for row in found]


def _stages(spells: Sequence[Spell], shop: Shop, after: Key | None) -> list[Entry]:
    """The stage a day ended with stands at the end of that day, above what led to it."""
    entries = []
    for number, (before, spell) in enumerate(zip([None, *spells], spells, strict=False)):
        day_after = datetime.combine(spell.from_on + timedelta(days=1), time(), shop.zone)
        at = (day_after - timedelta(microseconds=1)).astimezone(UTC)
        entries.append(Entry(Key(at, "stage", number), spell, before))
    return [entry for entry in entries if after is None or entry.key < after]
