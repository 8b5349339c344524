from datetime import datetime

from crm.customers.enums import NoteKind
from crm.customers.models import Customer, Note
from crm.shops.models import User


def write_note(
    *,
    customer: Customer,
    source: str,
    at: datetime,
    author: User,
    text: str,
    kind: NoteKind = NoteKind.NOTE,
    thread: str = "",
) -> Note:
    """Keep what staff write about a person; the same source once more gives the same note."""
    note, _is_new = Note.objects.get_or_create(
        shop_id=customer.shop_id,
        source=source,
        defaults={
            "customer": customer,
            "kind": kind,
            "thread": thread,
            "at": at,
            "author": author,
            "text": text,
        },
    )
    return note


def remove_note(*, note: Note) -> None:
    """Take a note away for good: nothing rests on it."""
    note.delete()
