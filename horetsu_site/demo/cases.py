"""The complaints of made-up people as cases: what they are about, who looked after them, and
what was done. Only the newest still waits for somebody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from crm.complaints.enums import Theme
from crm.complaints.models import Complaint
from crm.complaints.services import assign, rebuild
from crm.customers.enums import NoteKind
from crm.customers.models import Customer
from crm.customers.notes import write_note
from crm.ledger.enums import Kind
from crm.shops.models import User
from horetsu_site.demo.batch import SOURCE, Batch
from horetsu_site.demo.life import Person
from horetsu_site.demo.words import Speaker

_POOR_STARS = 2
_ANSWERED_AFTER = timedelta(days=3)


def complainers(batch: Batch) -> list[Customer]:
    """Those of whom a complaint, or a review that is one, stands in the ledger."""
    return [customer for person, customer in batch.known if _has_complained(person)]


def open_cases(
    batch: Batch, *, staff: Sequence[User], random: Random, speaker: Speaker, now: datetime
) -> None:
    """Make the cases, and answer those that were settled."""
    for customer in complainers(batch):
        for case in rebuild(customer=customer, now=now):
            owner = random.choice(staff)
            assign(complaint=case, theme=_theme(case), owner=owner, due_at=case.due_at)
            if now - case.opened_at > _ANSWERED_AFTER:
                write_note(
                    customer=customer,
                    kind=NoteKind.RESPONSE,
                    thread=case.thread,
                    source=f"{SOURCE}:response:{case.pk}",
                    at=_answered_at(case),
                    author=owner,
                    text=speaker.say(f"responses_{_theme(case) or Theme.QUALITY}"),
                )
        rebuild(customer=customer, now=now)


def _answered_at(case: Complaint) -> datetime:
    """Before it was settled; where it is not, on the next morning."""
    if case.closed_at is None:
        return case.opened_at + timedelta(hours=14)
    return max(case.opened_at, case.closed_at - timedelta(hours=3))


def _has_complained(person: Person) -> bool:
    return any(
        said.kind == Kind.COMPLAINT or (said.stars is not None and said.stars <= _POOR_STARS)
        for said in person.said
    )


def _theme(case: Complaint) -> Theme | None:
    """As the thread was named; None of a review, which has none."""
    name = case.thread.rpartition(":")[2].partition("-")[0]
    return Theme(name) if name in Theme.values else None
