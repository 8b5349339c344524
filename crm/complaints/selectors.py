from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from crm.complaints.enums import ComplaintState, Theme
from crm.complaints.models import Complaint
from crm.customers.models import Note
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop, User
from crm.shops.paging import PAGE, Page, key_of, micros_of, moment_of
from crm.stages.selectors import histories, rule_of
from crm.stages.timeline import timeline
from crm.stages.unresolved import Case, cases

#: Facts that tell of a case, and of how our response was felt.
_KINDS = (
    Kind.COMPLAINT,
    Kind.COMPLAINT_CLOSED,
    Kind.COMPLAINT_REOPENED,
    Kind.REVIEW,
    Kind.RECOVERY,
)


def cases_in_ledger(shop: Shop, customer_id: int, *, as_of: date) -> dict[str, Case]:
    """What the facts of a customer say of their complaints, by thread, as the stage rule reads
    them."""
    history = histories(shop, [customer_id])[customer_id]
    known = timeline(history, zone=shop.zone, until=as_of)
    if known is None:
        return {}
    entries = [entry for entry in known.entries_on(as_of) if entry.fact.standing == Standing.COUNTS]
    return cases(entries, rule_of(shop.pk))


def complaints_of(shop_id: int) -> QuerySet[Complaint]:
    """The shop's cases with their people, unordered."""
    return Complaint.objects.filter(shop_id=shop_id).select_related(
        "customer__relationship", "customer__shop", "owner"
    )


def open_cases(shop_id: int, customer_ids: Iterable[int]) -> dict[int, Complaint]:
    """What is unresolved with each of these customers; of several cases the one due first."""
    rows = Complaint.objects.filter(shop_id=shop_id, customer_id__in=list(customer_ids))
    latest_first = rows.exclude(state=ComplaintState.CLOSED).order_by("-due_at", "-pk")
    return {case.customer_id: case for case in latest_first}


def open_page(shop_id: int, *, theme: Theme | None, owner: User | None, after: str | None) -> Page:
    """The cases not settled yet, what is due first at the beginning."""
    rows = _narrowed(shop_id, theme, owner).exclude(state=ComplaintState.CLOSED)
    return _page_by_moment(rows, "due_at", after, is_descending=False)


def closed_page(
    shop_id: int, *, theme: Theme | None, owner: User | None, after: str | None
) -> Page:
    """The settled cases, the latest first."""
    rows = _narrowed(shop_id, theme, owner).filter(state=ComplaintState.CLOSED)
    return _page_by_moment(rows, "closed_at", after, is_descending=True)


def _narrowed(shop_id: int, theme: Theme | None, owner: User | None) -> QuerySet[Complaint]:
    rows = complaints_of(shop_id)
    if theme:
        rows = rows.filter(theme=theme)
    return rows.filter(owner=owner) if owner else rows


def _page_by_moment(
    rows: QuerySet[Complaint], column: str, after: str | None, *, is_descending: bool
) -> Page:
    micros, _dot, pk = (after or "").partition(".")
    moment, row = moment_of(micros), key_of(pk)
    beyond = "lt" if is_descending else "gt"
    if moment is not None and row is not None:
        rows = rows.filter(
            Q(**{f"{column}__{beyond}": moment}) | Q(**{column: moment, f"pk__{beyond}": row})
        )
    sign = "-" if is_descending else ""
    found = list(rows.order_by(f"{sign}{column}", f"{sign}pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return Page(found, None)
    last = found[PAGE - 1]
    return Page(found[:PAGE], f"{micros_of(getattr(last, column))}.{last.pk}")


def facts_of(complaint: Complaint) -> QuerySet[Touchpoint]:
    """What the customer said and felt about it, oldest first; without what was taken back."""
    return (
        Touchpoint.objects.filter(
            Q(thread=complaint.thread) | Q(source=complaint.thread),
            shop_id=complaint.shop_id,
            kind__in=_KINDS,
        )
        .exclude(standing=Standing.WITHDRAWN)
        .select_related("text_row", "purchase")
        .order_by("at", "pk")
    )


def notes_of(complaint: Complaint) -> QuerySet[Note]:
    """What staff did and wrote about it, oldest first."""
    notes = Note.objects.filter(shop_id=complaint.shop_id, thread=complaint.thread)
    return notes.select_related("author").order_by("at", "pk")


def opening_facts(complaints: Sequence[Complaint]) -> dict[int, Touchpoint]:
    """By case the fact that tells of it, with its words: the first of its thread."""
    if not complaints:
        return {}
    threads = [complaint.thread for complaint in complaints]
    facts = (
        Touchpoint.objects.filter(
            Q(thread__in=threads) | Q(source__in=threads),
            shop_id=complaints[0].shop_id,
            kind__in=[Kind.COMPLAINT, Kind.REVIEW],
        )
        .exclude(standing=Standing.WITHDRAWN)
        .select_related("text_row")
        .order_by("at", "pk")
    )
    first: dict[str, Touchpoint] = {}
    for fact in facts:
        first.setdefault(fact.thread or fact.source, fact)
    return {each.pk: first[each.thread] for each in complaints if each.thread in first}
