"""Every change to a case. What is said or settled goes into the ledger first; the case follows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.complaints.enums import ComplaintState, Felt, Theme
from crm.complaints.models import Complaint
from crm.complaints.selectors import cases_in_ledger
from crm.customers.enums import NoteKind
from crm.customers.models import Customer, Note
from crm.customers.notes import write_note
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint
from crm.shops.models import User
from crm.stages.unresolved import Case

#: A person answers within a day.
ANSWER_WITHIN = timedelta(days=1)


@transaction.atomic
def rebuild(*, customer: Customer, now: datetime) -> list[Complaint]:
    """Bring the cases of a customer in line with the ledger, and give those there are.

    Theme, owner and due time are staff's and stay, but that a case taken up again is due anew.
    """
    # One at a time, as the review of the same customer does it.
    Customer.objects.select_for_update(no_key=True).get(shop_id=customer.shop_id, pk=customer.pk)
    shop = customer.shop
    told = cases_in_ledger(shop, customer.pk, as_of=now.astimezone(shop.zone).date())
    stored = {row.thread: row for row in Complaint.objects.filter(shop_id=shop.pk, thread__in=told)}
    answered = _answered(shop.pk, told)
    rows = []
    for thread, case in told.items():
        row = stored.get(thread) or Complaint(
            shop_id=shop.pk, thread=thread, due_at=case.opened_at + ANSWER_WITHIN
        )
        row.customer = customer
        _follow(row, case, answered.get(thread))
        row.save()
        rows.append(row)
    Complaint.objects.filter(shop_id=shop.pk, customer=customer).exclude(
        pk__in=[row.pk for row in rows]
    ).delete()
    return rows


def _follow(row: Complaint, case: Case, answered_at: datetime | None) -> None:
    is_taken_up_again = row.pk is not None and case.opened_at > row.opened_at
    if is_taken_up_again:
        row.due_at = max(row.due_at, case.opened_at + ANSWER_WITHIN)
    row.opened_at, row.closed_at = case.opened_at, case.closed_at
    if not case.is_open:
        row.state = ComplaintState.CLOSED
    elif answered_at is not None and answered_at >= case.opened_at:
        row.state = ComplaintState.ANSWERED
    else:
        row.state = ComplaintState.WAITING


def _answered(shop_id: int, threads: dict[str, Case]) -> dict[str, datetime]:
    """When staff last answered each of these, if ever."""
    responses = Note.objects.filter(
        shop_id=shop_id, thread__in=threads, kind=NoteKind.RESPONSE
    ).order_by("at")
    return dict(responses.values_list("thread", "at"))


@transaction.atomic
def assign(
    *, complaint: Complaint, theme: Theme | None, owner: User | None, due_at: datetime
) -> None:
    """Say what it is about, who looks after it and until when."""
    complaint.theme = theme or ""
    complaint.owner = owner
    complaint.due_at = due_at
    complaint.save(update_fields=["theme", "owner", "due_at"])


@transaction.atomic
def respond(*, complaint: Complaint, source: str, at: datetime, by: User, text: str) -> Note:
    """Keep what we answered or did; the case then waits for its end, not for us."""
    note = write_note(
        customer=complaint.customer,
        kind=NoteKind.RESPONSE,
        thread=complaint.thread,
        source=source,
        at=at,
        author=by,
        text=text,
    )
    rebuild(customer=complaint.customer, now=at)
    return note


def close(*, complaint: Complaint, source: str, at: datetime, text: str = "") -> Touchpoint:
    """It is settled between us and the customer."""
    return _tell(complaint, Kind.COMPLAINT_CLOSED, source=source, at=at, text=text)


def reopen(*, complaint: Complaint, source: str, at: datetime, text: str = "") -> Touchpoint:
    """It was not settled after all."""
    return _tell(complaint, Kind.COMPLAINT_REOPENED, source=source, at=at, text=text)


def record_recovery(
    *, complaint: Complaint, felt: Felt, source: str, at: datetime, text: str = ""
) -> Touchpoint:
    """How our response was felt (対応後のご感想)."""
    return _tell(complaint, Kind.RECOVERY, source=source, at=at, text=text, value=Decimal(felt))


@transaction.atomic
def _tell(
    complaint: Complaint, kind: Kind, *, source: str, at: datetime, **words: Any
) -> Touchpoint:
    touchpoint = record_touchpoint(
        customer=complaint.customer,
        kind=kind,
        at=at,
        source=source,
        thread=complaint.thread,
        **words,
    )
    rebuild(customer=complaint.customer, now=at)
    return touchpoint
