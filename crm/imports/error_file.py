"""The rows of a file that did not go in, as a file for the person who mends them."""

import csv
from collections.abc import Iterable
from typing import TextIO

from django.utils.translation import gettext as _

from crm.imports.enums import Reason, Remark
from crm.imports.models import ImportNote
from crm.shops.csv_files import harmless


def write_error_file(file: TextIO, notes: Iterable[ImportNote]) -> int:
    """Write each note with its line, its reason and the row as it stood; how many there were.

    `file` is opened with newline="", and in "utf-8-sig" for Excel's sake.
    """
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([_("line"), _("not taken in"), _("reason"), _("column"), _("cell"), _("row")])
    written = 0
    for note in notes:
        sentence = Reason(note.code) if note.is_left_out else Remark(note.code)
        is_left_out = _("yes") if note.is_left_out else _("no")
        cells = [str(sentence.label), note.column, note.value, note.raw.rstrip("\r\n")]
        writer.writerow([note.line, is_left_out, *map(harmless, cells)])
        written += 1
    return written
