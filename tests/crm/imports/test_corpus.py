"""Files as they come: each is read, or refused with words, never guessed silently (F27)."""

import io
from zoneinfo import ZoneInfo

import pytest

from crm.imports.canonical import OrderRow, Reader
from crm.imports.decoding import recognise_encoding, text_of
from crm.imports.enums import FileKind, Reason, Refusal
from crm.imports.errors import FileRefusedError, RowRefusedError
from crm.imports.formats import recognise
from crm.imports.tables import Row, Table

HEADER = "order_id,email,ordered_at,total,name\n"
GOOD = "1,a@example.jp,2026-05-10,1000,山口 佳代\n"
LAST = "9,z@example.jp,2026-05-11,2000,佐藤 花子\n"


def verdicts(content: bytes) -> list[OrderRow | Reason]:
    """What becomes of each row of an order file."""
    file = io.BytesIO(content)
    with text_of(file, recognise_encoding(file)) as text:
        table = Table(text)
        found = recognise(table.header, kind=FileKind.ORDERS)
        reader = Reader(found.layout, ZoneInfo("Asia/Tokyo"))
        return [verdict(reader, row) for row in table.rows()]


def verdict(reader: Reader, row) -> OrderRow | Reason:
    if not isinstance(row, Row):
        return row.reason
    try:
        return reader.order(row)
    except RowRefusedError as refused:
        return refused.reason


def between(row: str) -> bytes:
    """A file whose second row is this one, in UTF-8."""
    return (HEADER + GOOD + row + LAST).encode()


READ = {
    "utf-8": (HEADER + GOOD + LAST).encode(),
    "utf-8 with its mark": (HEADER + GOOD + LAST).encode("utf-8-sig"),
    "utf-8 with two marks": "\ufeff".encode() + (HEADER + GOOD + LAST).encode("utf-8-sig"),
    "cp932": (HEADER + GOOD + LAST).encode("cp932"),
    "utf-16 as Excel's Unicode text": (HEADER + GOOD + LAST).replace(",", "\t").encode("utf-16"),
    "line ends of Windows": (HEADER + GOOD + LAST).replace("\n", "\r\n").encode(),
    "line ends of the old Mac": (HEADER + GOOD + LAST).replace("\n", "\r").encode(),
    "line ends of all kinds": (HEADER + GOOD.replace("\n", "\r") + LAST).encode(),
    "no line end at the end": (HEADER + GOOD + LAST).rstrip().encode(),
    "tabs": (HEADER + GOOD + LAST).replace(",", "\t").encode(),
    "semicolons": (HEADER + GOOD + LAST).replace(",", ";").encode(),
    "semicolons declared": ("sep=;\n" + (HEADER + GOOD + LAST).replace(",", ";")).encode(),
    "blank lines between": (HEADER + "\n" + GOOD + "\n\n" + LAST + "\n").encode(),
    "rows of empty cells": (HEADER + GOOD + ",,,,\n" + LAST).encode(),
    "a comma too many everywhere": (HEADER + GOOD + LAST).replace("\n", ",\n").encode(),
    "the end mark of DOS": (HEADER + GOOD + LAST + "\x1a").encode(),
    "header in full width": (HEADER.replace("email", "ｅｍａｉｌ") + GOOD + LAST).encode(),
    "header quoted and spaced": (HEADER.replace("total", '" Total "') + GOOD + LAST).encode(),
    "an unknown column": (
        HEADER.replace("\n", ",memo\n") + GOOD.replace("\n", ",x\n") + LAST.replace("\n", ",y\n")
    ).encode(),
    "cells guarded for Excel": (
        HEADER + '"=""1""",a@example.jp,"=""2026-05-10""","=""1000""",山口 佳代\n' + LAST
    ).encode(),
    "cells guarded by an apostrophe": (
        HEADER + "'1,'a@example.jp,'2026-05-10,'1000,山口 佳代\n" + LAST
    ).encode(),
    "numbers in full width": (
        HEADER + "１,ａ＠example.jp,２０２６／５／１０,￥１，０００,山口　佳代\n" + LAST
    ).encode(),
    "a yen sign and thousands": between("").replace(b",1000,", ',"¥1,000",'.encode()),
    "an address as text goes": between("").replace(b"a@", b" A@"),
    "a line break in a name": between("").replace("山口 佳代".encode(), '"山口\n佳代"'.encode()),
    "an escaped quote in a name": (
        HEADER + GOOD + LAST.replace("佐藤", '"佐藤""')[:-1] + '"\n'
    ).encode(),
}

ONE_ROW_COSTS_ITSELF = {
    "a cell too few": ("2,b@example.jp,2026-05-10\n", Reason.ROW_TOO_SHORT),
    "a cell too many": ("2,b@example.jp,2026-05-10,1,x,y\n", Reason.ROW_TOO_LONG),
    "an open quote": ('2,b@example.jp,2026-05-10,1,"open\n', Reason.QUOTES_BROKEN),
    "a quote inside": ('2,b@example.jp,2026-05-10,1,"a"b"\n', Reason.QUOTES_BROKEN),
    "a cell of 200 kB": (f"2,b@example.jp,2026-05-10,1,{'x' * 200_000}\n", Reason.CELL_TOO_LONG),
    "a line of 2 MB": (f"2,b@example.jp,2026-05-10,1,{'x,' * 1_000_000}\n", Reason.CELL_TOO_LONG),
    "a name of 300 letters": (f"2,b@example.jp,2026-05-10,1,{'x' * 300}\n", Reason.TEXT_TOO_LONG),
    "NUL": ("2,b@example.jp,2026-05-10,1,\0\n", Reason.NUL),
    "the header again": (HEADER, Reason.HEADER_AGAIN),
    "a second header in other words": ("注文番号,メール,日付,金額,氏名\n", Reason.DATE_UNREADABLE),
    "no id": (",b@example.jp,2026-05-10,1,x\n", Reason.EMPTY),
    "no date": ("2,b@example.jp,,1,x\n", Reason.EMPTY),
    "no total": ("2,b@example.jp,2026-05-10,,x\n", Reason.EMPTY),
    "a rounded id": ("2.02E+17,b@example.jp,2026-05-10,1,x\n", Reason.ID_DAMAGED),
    "a day that may be a month": ("2,b@example.jp,01/02/2026,1,x\n", Reason.DATE_AMBIGUOUS),
    "a spreadsheet's day number": ("2,b@example.jp,46152,1,x\n", Reason.DATE_AMBIGUOUS),
    "30 February": ("2,b@example.jp,2026-02-30,1,x\n", Reason.DATE_UNREADABLE),
    "a decimal comma": ('2,b@example.jp,2026-05-10,"1,50",x\n', Reason.MONEY_UNREADABLE),
    "a huge integer": (f"2,b@example.jp,2026-05-10,{'9' * 5_000},x\n", Reason.MONEY_TOO_LARGE),
    "a total below zero": ("2,b@example.jp,2026-05-10,-1,x\n", Reason.MONEY_NEGATIVE),
    "dollars in a yen shop": ("2,b@example.jp,2026-05-10,$1,x\n", Reason.CURRENCY_DIFFERS),
}

REFUSED = {
    "nothing": (b"", Refusal.EMPTY),
    "a workbook": (b"PK\x03\x04...", Refusal.WORKBOOK),
    "a zip bomb's first bytes": (b"PK\x03\x04" + bytes(1000), Refusal.WORKBOOK),
    "zeros": (bytes(10_000), Refusal.NOT_TEXT),
    "utf-16 without its mark": (HEADER.encode("utf-16-le"), Refusal.NOT_TEXT),
    "latin-1": (HEADER.encode() + "1,a,b,c,Café\n".encode("latin-1"), Refusal.ENCODING_UNCLEAR),
    "euc-jp": ((HEADER + GOOD).encode("euc_jp"), Refusal.ENCODING_UNCLEAR),
    "iso-2022-jp": ((HEADER + GOOD).encode("iso2022_jp"), Refusal.ENCODING_UNCLEAR),
    "pipes": ((HEADER + GOOD).replace(",", "|").encode(), Refusal.DELIMITER_UNCLEAR),
    "commas and semicolons": (
        (HEADER.replace(",t", ";t") + GOOD).encode(),
        Refusal.DELIMITER_UNCLEAR,
    ),
    "an open quote in the header": (b'"' + (HEADER + GOOD).encode(), Refusal.HEADER_UNREADABLE),
    "no header": ((GOOD + LAST).encode(), Refusal.COLUMNS_MISSING),
    "a title above the header": (("売上一覧\n" + HEADER + GOOD).encode(), Refusal.COLUMNS_MISSING),
    "a needed column twice": (
        (HEADER.replace("name", "total") + GOOD).encode(),
        Refusal.COLUMN_REPEATED,
    ),
    "a customer file": (b"customer_id,email,name\n1,a@example.jp,x\n", Refusal.COLUMNS_MISSING),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ.keys())
def test_it_is_read_to_the_same_two_orders(content):
    first, last = verdicts(content)

    assert isinstance(first, OrderRow)
    assert (first.order_id, first.email.lower(), first.total) == ("1", "a@example.jp", 1_000_00)
    assert first.ordered_at.isoformat() == "2026-05-09T15:00:00+00:00"
    assert first.name == "山口 佳代"
    assert isinstance(last, OrderRow)
    assert (last.order_id, last.total) == ("9", 2_000_00)


@pytest.mark.parametrize(
    ("row", "reason"), ONE_ROW_COSTS_ITSELF.values(), ids=ONE_ROW_COSTS_ITSELF.keys()
)
def test_one_bad_row_costs_itself_alone(row, reason):
    first, bad, last = verdicts(between(row))

    assert bad == reason
    assert (first.order_id, last.order_id) == ("1", "9")


@pytest.mark.parametrize(("content", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_words(content, refusal):
    with pytest.raises(FileRefusedError) as refused:
        verdicts(content)

    assert refused.value.refusal == refusal
    assert str(refused.value)
