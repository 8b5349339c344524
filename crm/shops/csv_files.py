"""Lists as CSV files that a spreadsheet opens as they are and runs nothing of."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse

# A spreadsheet takes a cell that begins so for a formula, in full width too.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


class _Echo:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def harmless(cell: str) -> str:
    """The cell, guarded by ' where a spreadsheet would run it (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a file, one at a time, led by the mark by which Excel knows UTF-8."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([_cell(each) for each in row])


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download of these rows. Read whole within the request, because the door to the shop
    closes before anything could be streamed; `name` is ASCII."""
    response = HttpResponse("".join(csv_lines(head, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: object) -> str:
    if value is None:
        return ""
    # A number is no text: -3 stays a number for whoever sums it up.
    return str(value) if isinstance(value, int | float) else harmless(str(value))
