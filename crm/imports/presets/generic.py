"""Our own column names, or any others by a mapping of ours to the file's."""

from collections.abc import Mapping

from crm.imports.canonical import COLUMNS, NEEDED, Layout
from crm.imports.enums import FileKind, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.presets.finding import one
from crm.imports.tables import Header


def layout(header: Header, kind: FileKind, mapping: Mapping[str, str] | None = None) -> Layout:
    """Where our columns stand; those not in `mapping` are looked for by their own names.

    FileRefusedError when a needed one is missing, when the mapping names what is not there,
    or when a column stands in the file twice.
    """
    mapping = mapping or {}
    unknown = [name for name in mapping if name not in COLUMNS[kind]]
    if unknown:
        raise FileRefusedError(Refusal.MAPPING_UNKNOWN, ", ".join(unknown))
    absent = [column for column in mapping.values() if column not in header]
    if absent:
        raise FileRefusedError(Refusal.COLUMN_NOT_IN_FILE, ", ".join(absent))
    names = {name: mapping.get(name, name) for name in COLUMNS[kind]}
    found = {name: column for name, column in names.items() if column in header}
    missing = [" / ".join(group) for group in NEEDED[kind] if not found.keys() & set(group)]
    if missing:
        raise FileRefusedError(Refusal.COLUMNS_MISSING, ", ".join(missing))
    columns = {name: one(header, column) for name, column in found.items()}
    return {name: column for name, column in columns.items() if column is not None}
