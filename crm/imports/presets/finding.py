"""Columns found by their names, as every preset does it."""

from collections.abc import Sequence
from operator import itemgetter

from crm.imports.canonical import Column
from crm.imports.enums import Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.tables import Header

Groups = Sequence[tuple[str, ...]]


def missing(header: Header, groups: Groups) -> list[str]:
    """The groups of which the file has no column at all, such as "customer_id / email"."""
    return [" / ".join(group) for group in groups if not any(name in header for name in group)]


def require(header: Header, groups: Groups) -> None:
    """Return when of each group one column at least is there; else FileRefusedError."""
    if lacking := missing(header, groups):
        raise FileRefusedError(Refusal.COLUMNS_MISSING, ", ".join(lacking))


def one(header: Header, name: str) -> Column | None:
    """The column of this name; None where there is none, FileRefusedError where there are two."""
    position = header.position(name)
    if position is None:
        return None
    if header.count(name) > 1:
        raise FileRefusedError(Refusal.COLUMN_REPEATED, name)
    return Column(header.cells[position], itemgetter(position))


def either(header: Header, *names: str) -> Column | None:
    """The first of these columns that has something to say in a row."""
    columns = [column for name in names if (column := one(header, name))]
    if len(columns) < 2:
        return columns[0] if columns else None
    return Column(
        columns[0].label,
        lambda cells: next((text for each in columns if (text := each.read(cells).strip())), ""),
    )


def joined(header: Header, *names: str) -> Column | None:
    """These columns as one, such as 姓 and 名 with a space between."""
    columns = [column for name in names if (column := one(header, name))]
    if not columns:
        return None
    return Column(
        columns[0].label, lambda cells: " ".join(column.read(cells) for column in columns)
    )


def cell(column: Column | None, cells: Sequence[str]) -> str:
    """What a row says in this column, empty where the file has none."""
    return column.read(cells).strip() if column else ""
