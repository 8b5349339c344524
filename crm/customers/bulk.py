"""Many rows in one statement, as arrays: several times faster than one placeholder a value.

The names in these statements are those of our own models, quoted.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Field

from crm.tenancy.models import TenantModel


def insert(rows: Sequence[TenantModel]) -> None:
    """Insert new rows of one model and give them their ids; columns with a default of the
    database's own are left to it."""
    if not rows:
        return
    model = type(rows[0])
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.has_db_default() or field.primary_key)
    ]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # Beforehand, for no order is promised in which RETURNING would give them back.
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
        fields.insert(0, model._meta.pk)
        columns, arrays, values = _as_arrays(fields, rows)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays})",  # noqa: S608
            values,
        )


def update(rows: Sequence[TenantModel], names: Sequence[str]) -> None:
    """Write these fields of rows of one model and one shop."""
    if not rows:
        return
    model = type(rows[0])
    known = {field.name: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in ("id", *names)]
    table = connection.ops.quote_name(model._meta.db_table)
    columns, arrays, values = _as_arrays(fields, rows)
    settings = ", ".join(f"{column} = told.{column}" for column in columns.split(", ")[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {settings} FROM unnest({arrays}) AS told ({columns})"  # noqa: S608
            f" WHERE {table}.id = told.id AND {table}.shop_id = %s",
            [*values, rows[0].shop_id],
        )


def _as_arrays(fields: Sequence[Field], rows: Sequence[TenantModel]) -> tuple[str, str, list[list]]:
    """The columns, a placeholder for the array of each, and the arrays."""
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return (
        columns,
        ", ".join(f"%s::{_type_of(field)}[]" for field in fields),
        [[getattr(row, field.attname) for row in rows] for field in fields],
    )


def _type_of(field: Field) -> str:
    """The column's type without its length, to which a cast would silently cut the text."""
    kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return str(kind).partition("(")[0]
