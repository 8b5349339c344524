"""A file on its way in: all its rows in a temporary table, then order by order.

Staged whole, since rows of one order may stand apart; by COPY, which the tables behind
row-level security refuse. The tables live as long as the database connection: another
process, or this one after a crash, stages the same file again and goes on at the cursor.

A long file is staged over several calls, so that none outlasts its task; each goes on where
this connection stopped.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from operator import attrgetter
from typing import Any, BinaryIO

from django.db import connection

from crm.customers.enums import VOID, PurchaseStatus
from crm.customers.intake import LineIn, OrderIn
from crm.customers.register import PersonIn
from crm.imports.canonical import Reader
from crm.imports.cells import MOST_MONEY
from crm.imports.counts import Counts, Money
from crm.imports.decoding import Reading, text_of
from crm.imports.enums import FileKind, Reason, Refusal
from crm.imports.errors import FileRefusedError, RowRefusedError
from crm.imports.models import ImportRun
from crm.imports.shapes import SHAPES, Shape
from crm.imports.tables import BadRow, Row, Table

MOST_NOTES = 10_000  # kept of one file; who has more bad rows has another problem
LONGEST_RAW = 2_000  # characters kept of a bad row
ROWS_A_LOOK = 200  # read between two looks at the time

#: Whether the time is over that a call was given.
IsOver = Callable[[], bool]


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Staged:
    """An order or a customer of the file, and the line it begins at."""

    line: int
    told: OrderIn | PersonIn


class Staging:
    """The two temporary tables of a run: {rows} as in the file, {records} one per order
    (or per customer)."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._kind = FileKind(run.kind)
        self._shape = SHAPES[self._kind]
        # Read another way, with other columns, the file is another one.
        reading = json.dumps([run.kind, run.format, run.mapping, run.date_format], sort_keys=True)
        name = f"import_{run.pk}_{sha256(reading.encode()).hexdigest()[:8]}"
        self._names = {"rows": f"{name}_rows", "records": f"{name}_records"}

    def is_filled(self) -> bool:
        """Whether this connection has staged the run's file already."""
        return self._value(
            "SELECT to_regclass(%s) IS NOT NULL", f"pg_temp.{self._names['records']}"
        )

    def fill(
        self,
        file: BinaryIO,
        reader: Reader,
        *,
        most_rows: int | None = None,
        is_over: IsOver = never,
    ) -> bool:
        """Stage the file from where an earlier call stopped; False when the time was over first.

        FileRefusedError when it has more than `most_rows`.
        """
        # However long the file is: COPY waits while its rows are read.
        self._do("SET LOCAL statement_timeout = 0")
        columns = ", ".join(f"{name} {kind}" for name, kind in self._shape.columns.items())
        self._do(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {rows} (line integer, code text, col text,"
            " value text, raw text, remarks text, {columns}) ON COMMIT PRESERVE ROWS",
            columns=columns,
        )
        done = self._value("SELECT count(*) FROM {rows}")
        with (
            connection.cursor() as cursor,
            cursor.copy(self._sql("COPY {rows} FROM STDIN")) as copy,
        ):
            for number, row in enumerate(self._judged(file, reader, after=done), start=done):
                if number == most_rows:
                    raise FileRefusedError(Refusal.TOO_MANY_ROWS)
                copy.write_row(row)
                if number % ROWS_A_LOOK == 0 and is_over():
                    return False
        self._gather()
        return True

    def judge(self, reader: Reader, counts: Counts) -> None:
        """Note what is left out, count, and keep what can go in."""
        self._note(reader)
        self._count(counts)
        self._do("DELETE FROM {records} WHERE code IS NOT NULL")
        self._do("CREATE UNIQUE INDEX ON {records} (line)")
        if self._kind == FileKind.ORDERS:
            self._do("CREATE INDEX ON {rows} (order_id) WHERE product IS NOT NULL")
        self._do("ANALYZE {rows}")
        self._do("ANALYZE {records}")

    def after(self, line: int, *, limit: int) -> list[Staged]:
        """The next orders or customers that begin after this line, in the file's order."""
        records = self._all(
            "SELECT * FROM {records} WHERE line > %s ORDER BY line LIMIT %s", line, limit
        )
        if self._kind == FileKind.CUSTOMERS:
            return [Staged(each["line"], _person(each)) for each in records]
        lines = self._lines_of([each["order_id"] for each in records])
        return [Staged(each["line"], _order(each, lines)) for each in records]

    def customers(self) -> int:
        """How many customers the file is about, once it is in."""
        if self._kind == FileKind.CUSTOMERS:
            return self._value("SELECT count(*) FROM {records}")
        return self._value(
            "SELECT count(DISTINCT p.customer_id) FROM crm_purchase p"
            " JOIN {records} r ON r.order_id = p.external_id"
            " WHERE p.shop_id = %s AND p.source = %s",
            self._run.shop_id,
            self._run.source,
        )

    def ask(self, question: str, **values: Any) -> list[dict[str, Any]]:
        """The answer to a query about {rows} and {records}."""
        with connection.cursor() as cursor:
            cursor.execute(question.format(**self._names), values)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def drop(self) -> None:
        """Forget what this connection staged of the run, if anything."""
        self._do("DROP TABLE IF EXISTS {rows}, {records}")

    def _judged(self, file: BinaryIO, reader: Reader, *, after: int) -> Iterator[tuple[Any, ...]]:
        """Each row of the file after the first so many, as {rows} keeps it: what it tells, or
        why it is left out."""
        is_orders = self._kind == FileKind.ORDERS
        read = reader.order if is_orders else reader.customer
        values_of = attrgetter(*self._shape.columns)
        nothing = (None,) * len(self._shape.columns)
        with text_of(file, Reading(self._run.encoding)) as text:
            for row in islice(Table(text).rows(), after, None):
                if isinstance(row, BadRow):
                    yield (row.line, row.reason.value, "", "", _raw(row), None, *nothing)
                    continue
                try:
                    told = read(row)
                except RowRefusedError as refused:
                    # With its order's id, so that half an order is not taken for a whole one.
                    key = reader.order_id(row) if is_orders else None
                    what = (refused.reason.value, refused.column[:200], refused.value[:200])
                    yield (row.line, *what, _raw(row), None, key, *nothing[1:])
                    continue
                remarks = ",".join(told.remarks)
                raw = _raw(row) if remarks else None
                yield (row.line, None, None, None, raw, remarks or None, *values_of(told))

    def _gather(self) -> None:
        """Make {records} of {rows}. Those that cannot go in have a code, and col says where."""
        gathered = self._shape.gathered
        told = ", ".join(
            f"{gathered.get(name, f'max({name})')} AS {name}" for name in self._shape.columns
        )
        faults = list(_faults(self._shape))
        code = " ".join(f"WHEN {fault} THEN '{reason.value}'" for fault, reason, _ in faults)
        col = " ".join(f"WHEN {fault} THEN '{column}'" for fault, _, column in faults)
        self._do(
            """
            CREATE TEMPORARY TABLE {records} ON COMMIT PRESERVE ROWS AS
            SELECT min(line) FILTER (WHERE code IS NULL) AS line,
                   CASE {case_code} END AS code, CASE {case_col} END AS col, {told}
              FROM {rows} WHERE {key} IS NOT NULL GROUP BY {key}
            HAVING bool_or(code IS NULL)
            """,
            told=told,
            key=self._shape.key,
            case_code=code,
            case_col=col,
        )

    def _note(self, reader: Reader) -> None:
        """Keep why rows were left out or remarked. Staging the file again adds none."""
        labels = json.dumps({name: column.label for name, column in reader.layout.items()})
        insert = (
            'INSERT INTO crm_importnote (shop_id, run_id, line, code, is_left_out, "column",'
            " value, raw)"
        )
        run = [self._run.shop_id, self._run.pk]
        self._do(
            "{insert} SELECT %s, %s, line, code, true, col, value, raw FROM {rows}"
            " WHERE code IS NOT NULL ORDER BY line LIMIT %s ON CONFLICT DO NOTHING",
            *run,
            MOST_NOTES,
            insert=insert,
        )
        self._do(
            "{insert} SELECT %s, %s, line, code, true, coalesce(%s::jsonb ->> col, ''), {key}, ''"
            " FROM {records} WHERE code IS NOT NULL ORDER BY line LIMIT %s ON CONFLICT DO NOTHING",
            *run,
            labels,
            MOST_NOTES,
            insert=insert,
            key=self._shape.key,
        )
        self._do(
            "{insert} SELECT %s, %s, line, remark, false, '', '', raw"
            " FROM {rows}, unnest(string_to_array(remarks, ',')) AS remark"
            " WHERE remarks IS NOT NULL ORDER BY line LIMIT %s ON CONFLICT DO NOTHING",
            *run,
            MOST_NOTES,
            insert=insert,
        )

    def _count(self, counts: Counts) -> None:
        counts.rows = self._value("SELECT count(*) FROM {rows}")
        counts.records = self._value("SELECT count(*) FROM {records} WHERE code IS NULL")
        counts.left_out = self._pairs(
            "SELECT code, count(*) FROM (SELECT code FROM {rows}"
            " UNION ALL SELECT code FROM {records}) AS every WHERE code IS NOT NULL"
            " GROUP BY code ORDER BY count(*) DESC, code"
        )
        counts.remarks = self._pairs(
            "SELECT remark, count(*) FROM {rows}, unnest(string_to_array(remarks, ',')) AS remark"
            " GROUP BY remark ORDER BY count(*) DESC, remark"
        )
        if self._kind == FileKind.ORDERS:
            counts.money = {
                each["currency"]: Money(
                    each["orders"], int(each["total"]), each["void_orders"], int(each["void_total"])
                )
                for each in self._all(
                    "SELECT currency, count(*) AS orders, sum(total) AS total,"
                    " count(*) FILTER (WHERE status = ANY(%s)) AS void_orders,"
                    " coalesce(sum(total) FILTER (WHERE status = ANY(%s)), 0) AS void_total"
                    " FROM {records} WHERE code IS NULL GROUP BY currency ORDER BY currency",
                    sorted(VOID),
                    sorted(VOID),
                )
            }

    def _lines_of(self, order_ids: list[str]) -> Mapping[str, tuple[LineIn, ...]]:
        lines: dict[str, tuple[LineIn, ...]] = defaultdict(tuple)
        for each in self._all(
            "SELECT order_id, product, product_code, quantity FROM {rows}"
            " WHERE product IS NOT NULL AND order_id = ANY(%s) ORDER BY line",
            order_ids,
        ):
            quantity = 1 if each["quantity"] is None else each["quantity"]
            line = LineIn(each["product"], each["product_code"] or "", quantity)
            lines[each["order_id"]] += (line,)
        return lines

    def _sql(self, text: str, **parts: str) -> str:
        return text.format(**self._names, **parts)

    def _do(self, text: str, *values: Any, **parts: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(text, **parts), values)

    def _all(self, text: str, *values: Any) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(text), values)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def _pairs(self, text: str) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(text))
            return dict(cursor.fetchall())

    def _value(self, text: str, *values: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(text), values)
            return cursor.fetchone()[0]


def _faults(shape: Shape) -> Iterator[tuple[str, Reason, str]]:
    """What the rows of one order, or of one customer, may have wrong together: as a condition
    in SQL, why they are then left out, and which column is to be looked at."""
    yield "bool_or(code IS NOT NULL)", Reason.ANOTHER_ROW_LEFT_OUT, ""
    for name in shape.needed:
        yield f"max({name}) IS NULL", Reason.BEGINNING_MISSING, name
    for name in shape.must_agree:
        yield f"min({name}) <> max({name})", Reason.ROWS_DISAGREE, name
    for name in shape.amounts:
        amount = shape.gathered.get(name, f"max({name})")
        yield f"{amount} < 0", Reason.MONEY_NEGATIVE, name
        yield f"{amount} > {MOST_MONEY}", Reason.MONEY_TOO_LARGE, name


def _raw(row: Row | BadRow) -> str:
    return row.raw[:LONGEST_RAW].replace("\0", "\N{SYMBOL FOR NULL}")


def _person(record: Mapping[str, Any]) -> PersonIn:
    return PersonIn(
        external_id=record["customer_id"] or "",
        email=record["email"] or "",
        name=record["name"] or "",
        kana=record["kana"] or "",
        locale=record.get("locale") or "",
        has_left=record.get("has_left", False),
    )


def _order(record: Mapping[str, Any], lines: Mapping[str, tuple[LineIn, ...]]) -> OrderIn:
    return OrderIn(
        external_id=record["order_id"],
        person=_person(record),
        ordered_at=record["ordered_at"],
        total=int(record["total"]),
        currency=record["currency"],
        status=PurchaseStatus(record["status"]) if record["status"] else None,
        refunded=record["refunded"],
        delivered_at=record["delivered_at"],
        channel=record["channel"],
        subscription_id=record["subscription_id"],
        subscription_no=record["subscription_no"],
        lines=lines[record["order_id"]] or None,
    )
