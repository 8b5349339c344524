"""What this room holds about people (crm/customers/registry.py): rows of their files that were
left out or doubtful. An uploaded file itself goes once it is in, and within a week."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower, StrIndex
from django.utils.translation import gettext_lazy as _

from crm.customers.registry import Person, before_forgetting, hold
from crm.imports.models import ImportNote

# A name stands in one cell or in two, with or without a space, so it is sought without what
# may stand between its parts.
_BETWEEN = ",;\t\"' \u3000\r\n"
_SHORTEST_NAME = 2  # one character alone would find everybody
_SHORTEST_ID = 3  # as a cell; a shorter number may be anything


def _notes_with_address(person: Person) -> QuerySet[ImportNote]:
    """What surely is theirs: another may have the same name, and is not to be shown to them."""
    return _with_words(ImportNote.objects.filter(shop_id=person.shop_id), person.addresses)


hold(
    ImportNote,
    find=_notes_with_address,
    title=_("Rows of files that were left out or doubtful"),
    shows={
        "created_at": _("when"),
        "run__file_name": _("file"),
        "line": _("line"),
        "raw": _("row"),
        "value": _("cell"),
    },
    keeps=("code", "column"),
)


@before_forgetting
def empty_rows_that_may_be_theirs(person: Person, at: datetime) -> None:
    """Rather forget a row too many, of a list that lasts a month, than one too few."""
    notes = ImportNote.objects.filter(shop_id=person.shop_id)
    names = [name for name in person.names if len(_solid(name)) >= _SHORTEST_NAME]
    ids = [word for _source, word in person.external_ids if len(word) >= _SHORTEST_ID]
    for found in (_with_words(notes, names), _with_cells(notes, ids)):
        found.update(raw="", value="")


def _with_words(notes: QuerySet[ImportNote], words: Iterable[str]) -> QuerySet[ImportNote]:
    """The notes in which one of these stands, however it is spaced and cut into cells."""
    row = Lower(Concat(F("raw"), Value(" "), F("value")))
    found = Q(pk__in=[])
    for number, word in enumerate(sorted(words)):
        solid = Func(row, Value(_BETWEEN), Value(""), function="translate")
        notes = notes.alias(**{f"place_{number}": StrIndex(solid, Value(_solid(word)))})
        found |= Q(**{f"place_{number}__gt": 0})
    return notes.filter(found)


def _with_cells(notes: QuerySet[ImportNote], cells: Iterable[str]) -> QuerySet[ImportNote]:
    """The notes of rows with one of these as a whole cell."""
    found = Q(pk__in=[])
    for cell in sorted(cells):
        found |= Q(raw__regex=rf'(^|[,;\t"]){re.escape(cell)}($|[,;\t"\r\n])')
    return notes.filter(found)


def _solid(text: str) -> str:
    return text.lower().translate(dict.fromkeys(map(ord, _BETWEEN)))
