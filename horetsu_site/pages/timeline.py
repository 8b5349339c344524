"""Everything that happened with one customer, in one line of time, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from crm.complaints.models import Complaint
from crm.customers.models import Consent, Customer, Note, Purchase
from crm.followups.enums import Call
from crm.followups.models import Suggestion
from crm.followups.selectors import waiting_among
from crm.guard.enums import Verdict
from crm.guard.models import GuardDecision
from crm.ledger.enums import Standing
from crm.ledger.models import Touchpoint
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.shops.paging import key_of, micros_of, moment_of
from crm.stages.replay import Spell

SIZE = 50  # entries a page


@dataclass(frozen=True, order=True)
class Key:
    """The place of an entry: two things at one moment have an order all the same."""

    at: datetime
    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{micros_of(self.at)}.{self.kind}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The key an address carries; None for what none of ours says."""
        micros, kind, pk = [*text.split("."), "", ""][:3]
        at, row = moment_of(micros), key_of(pk)
        return None if at is None or row is None else cls(at, kind, row)


@dataclass(frozen=True)
class Entry:
    """`it` is the row, of the table that `key.kind` names; `before` is the stage before a stage,
    `earlier` what the guard said of a mail before its present reason, `asks` what a fact that
    nobody answered yet asks of us."""

    key: Key
    it: Any
    before: Any = None
    earlier: tuple[Any, ...] = ()
    case: Complaint | None = None  # of a fact that belongs to one
    asks: Call | None = None

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
    customer: Customer,
    shop: Shop,
    *,
    now: datetime,
    spells: Sequence[Spell] = (),
    after: Key | None = None,
) -> Timeline:
    """The fifty newest entries, or those that come after a key; `spells` oldest first.

    One question to the database for each kind of entry, however much has happened.
    """
    entries = _stages(spells, shop, after)
    for kind, rows in _sources(customer, shop).items():
        entries += _newest(kind, rows, after)
    entries.sort(key=lambda entry: entry.key, reverse=True)
    next_after = entries[SIZE - 1].key if len(entries) > SIZE else None
    shown = _with_what_they_ask(entries[:SIZE], customer, now)
    return Timeline(_with_cases(shown, shop), next_after)


def _with_what_they_ask(entries: list[Entry], customer: Customer, now: datetime) -> list[Entry]:
    """The same, each fact that waits for a word of ours with what it asks of us."""
    facts = [entry.key.pk for entry in entries if entry.key.kind == "touchpoint"]
    waiting = waiting_among(customer, facts, now=now)
    return [
        replace(entry, asks=waiting.get(entry.key.pk)) if entry.key.kind == "touchpoint" else entry
        for entry in entries
    ]


def _with_cases(entries: list[Entry], shop: Shop) -> list[Entry]:
    """The same, each fact of a complaint with its case."""
    threads = {
        entry.key: entry.it.thread or entry.it.source
        for entry in entries
        if entry.key.kind == "touchpoint"
    }
    rows = Complaint.objects.filter(shop=shop, thread__in=set(threads.values()))
    cases = {row.thread: row for row in rows}
    return [replace(entry, case=cases.get(threads.get(entry.key, ""))) for entry in entries]


def _sources(customer: Customer, shop: Shop) -> dict[str, QuerySet[Any]]:
    """Everything kept of a customer, each row with its `happened_at`."""
    own = {"shop": shop, "customer": customer}
    decisions = GuardDecision.objects.filter(shop=shop).exclude(verdict=Verdict.ALLOW)
    touchpoints = Touchpoint.objects.select_related(
        "text_row", "other_customer", "acknowledgement__by"
    )
    return {
        "purchase": Purchase.objects.filter(**own)
        .annotate(happened_at=F("ordered_at"))
        .prefetch_related("lines"),
        "touchpoint": touchpoints.filter(**own)
        .exclude(standing=Standing.WITHDRAWN)
        .annotate(happened_at=F("at")),
        # A mail that still waits stands at the moment it waits for.
        "mail": Mail.objects.filter(**own)
        .annotate(happened_at=Coalesce("accepted_at", "due_at"))
        .prefetch_related(
            Prefetch("guard_decisions", decisions.order_by("-decided_at"), to_attr="refusals")
        ),
        # What was asked about a mail stands with the mail; this is what never became one.
        "guard": decisions.filter(customer=customer, mail=None).annotate(
            happened_at=F("decided_at")
        ),
        "suggestion": Suggestion.objects.filter(**own)
        .select_related("settled_by")
        .annotate(happened_at=F("proposed_at")),
        "consent": Consent.objects.filter(**own).annotate(happened_at=F("at")),
        "note": Note.objects.filter(**own).select_related("author").annotate(happened_at=F("at")),
    }


def _newest(kind: str, rows: QuerySet[Any], after: Key | None) -> list[Entry]:
    """The first rows after the key, one more than a page holds, so that the page knows of more."""
    if after:
        older = Q(happened_at__lt=after.at)
        if kind < after.kind:
            older |= Q(happened_at=after.at)
        elif kind == after.kind:
            older |= Q(happened_at=after.at, pk__lt=after.pk)
        rows = rows.filter(older)
    found = rows.order_by("-happened_at", "-pk")[: SIZE + 1]
    return [Entry(Key(row.happened_at, kind, row.pk), row, earlier=_earlier(row)) for row in found]


def _earlier(row: Any) -> tuple[Any, ...]:
    """Why a mail was held or refused before its present reason, each reason once, latest first."""
    refusals: dict[str, Any] = {}
    for decision in getattr(row, "refusals", ()):
        if decision.reason != row.reason:
            refusals.setdefault(decision.reason, decision)
    return tuple(refusals.values())


def _stages(spells: Sequence[Spell], shop: Shop, after: Key | None) -> list[Entry]:
    """The stage a day ended with stands at the end of that day, above what led to it."""
    entries = []
    for number, (before, spell) in enumerate(zip([None, *spells], spells, strict=False)):
        day_after = datetime.combine(spell.from_on + timedelta(days=1), time(), shop.zone)
        at = (day_after - timedelta(microseconds=1)).astimezone(UTC)
        entries.append(Entry(Key(at, "stage", number), spell, before))
    return [entry for entry in entries if after is None or entry.key < after]
