"""What the pages show of a run, in the reader's language."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise

from crm.imports.canonical import COLUMNS, Layout, status_of
from crm.imports.counts import Counts
from crm.imports.decoding import Reading, text_of
from crm.imports.enums import FileKind, Format, Reason, Remark
from crm.imports.errors import CellRefusedError, FileRefusedError
from crm.imports.formats import recognise
from crm.imports.inspection import SAMPLE
from crm.imports.labels import COLUMN_LABELS
from crm.imports.models import ImportNote, ImportRun
from crm.imports.pieces import beginning
from crm.imports.selectors import example_notes
from crm.imports.tables import Header, Row, Table


@dataclass(frozen=True)
class Group:
    """The rows that were left out, or remarked, for one reason."""

    words: Promise | str
    count: int
    examples: Sequence[ImportNote]


@dataclass(frozen=True)
class Sum:
    """The orders of a file in one currency, as its cart would count them."""

    currency: str
    orders: int
    total: int  # hundredths
    void_orders: int


@dataclass(frozen=True)
class Sample:
    """The first rows as they are read. Each heading is our name and the file's own."""

    headings: Sequence[tuple[Promise | str, str]]
    rows: Sequence[Sequence[str]]


def left_out(run: ImportRun, counts: Counts) -> list[Group]:
    """The reasons why rows are left out, the most frequent first, with examples."""
    examples = _examples(run) if counts.left_out else {}
    return [
        Group(Reason(code).label, count, examples.get(code, []))
        for code, count in counts.left_out.items()
    ]


def remarked(run: ImportRun, counts: Counts) -> list[Group]:
    """What is worth a look in rows that go in."""
    remarks = dict(counts.remarks)
    if counts.to_merge:
        remarks[Remark.SEVERAL_MATCH] = counts.to_merge
    examples = _examples(run) if remarks else {}
    return [
        Group(Remark(code).label, count, examples.get(code, [])) for code, count in remarks.items()
    ]


def sums(counts: Counts) -> list[Sum]:
    return [
        Sum(currency, money.orders, money.total, money.void_orders)
        for currency, money in counts.money.items()
    ]


def columns_read(run: ImportRun) -> list[tuple[Promise | str, str]]:
    """Which column of the file is read as which of ours."""
    layout = _layout(run)
    return [
        (COLUMN_LABELS[ours], layout[ours].label)
        for ours in COLUMNS[FileKind(run.kind)]
        if ours in layout
    ]


def sample_of(run: ImportRun, *, is_settled: bool) -> Sample | None:
    """The first rows of the kept file: the columns that are read, or all where none are yet.
    None when the file is kept no more."""
    with text_of(beginning(run), Reading(run.encoding)) as text:
        try:
            rows = (row for row in Table(text).rows() if isinstance(row, Row))
            first = list(islice(rows, SAMPLE))
        except FileRefusedError:
            return None
    if not is_settled:
        return Sample([("", name) for name in run.header], [row.cells for row in first])
    layout = _layout(run)
    shown = [ours for ours in COLUMNS[FileKind(run.kind)] if ours in layout]
    return Sample(
        [(COLUMN_LABELS[ours], layout[ours].label) for ours in shown],
        [[_cell(layout, ours, row) for ours in shown] for row in first],
    )


def _cell(layout: Layout, ours: str, row: Row) -> str:
    # What cannot be read is told with the rows left out.
    with suppress(CellRefusedError):
        text = layout[ours].read(row.cells)
        return str(status_of(text).label) if ours == "status" and text.strip() else text
    return ""


def _layout(run: ImportRun) -> Layout:
    return recognise(
        Header(run.header),
        kind=FileKind(run.kind),
        format=Format(run.format),
        mapping=run.mapping,
    ).layout


def _examples(run: ImportRun) -> dict[str, list[ImportNote]]:
    found = defaultdict(list)
    for note in example_notes(run):
        found[note.code].append(note)
    return found
