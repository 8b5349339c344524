"""Files as bytes, and what is read from them: shared by the tests of this room."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm.imports.decoding import Reading, recognise_encoding, text_of
from crm.imports.presets import eccube
from crm.imports.tables import BadRow, Header, Row, Table


@dataclass
class Read:
    """All that a file holds, in memory: for small files only."""

    reading: Reading
    delimiter: str
    header: Header
    rows: list[Row]
    bad: list[BadRow]

    @property
    def cells(self) -> list[list[str]]:
        return [list(row.cells) for row in self.rows]


def read(content: bytes) -> Read:
    file = io.BytesIO(content)
    reading = recognise_encoding(file)
    with text_of(file, reading) as text:
        table = Table(text)
        every = list(table.rows())
    return Read(
        reading,
        table.delimiter,
        table.header,
        [row for row in every if isinstance(row, Row)],
        [row for row in every if isinstance(row, BadRow)],
    )


def written(
    rows: Iterable[Sequence[str]],
    encoding: str = "utf-8",
    *,
    delimiter: str = ",",
    lineterminator: str = "\r\n",
) -> bytes:
    """The table as csv.writer writes it."""
    text = io.StringIO(newline="")
    # With another line end than its own, the writer leaves \r or \n in a cell unquoted.
    quoting = csv.QUOTE_MINIMAL if lineterminator == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=lineterminator, quoting=quoting)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


ORDER = {
    "注文ID": "1",
    "注文番号": "1",
    "会員ID": "12",
    "お名前(姓)": "山口",
    "お名前(名)": "佳代",
    "お名前(セイ)": "ヤマグチ",
    "お名前(メイ)": "カヨ",
    "メールアドレス": "kayo@example.jp",
    "小計": "5000.00",
    "送料": "500.00",
    "合計": "5500.00",
    "支払合計": "5400.00",
    "対応状況(ID)": "5",
    "対応状況(名称)": "発送済み",
    "受注日": "2026-05-10 12:00:00",
    "商品名": "深蒸し茶",
    "商品コード": "TEA-01",
    "個数": "2",
    "明細区分(ID)": "1",
    "明細区分(名称)": "商品",
}
FEE = {
    "商品名": "送料",
    "商品コード": "",
    "個数": "1",
    "明細区分(ID)": "2",
    "明細区分(名称)": "送料",
}
MEMBER = {
    "会員ID": "12",
    "お名前(姓)": "山口",
    "お名前(名)": "佳代",
    "お名前(セイ)": "ヤマグチ",
    "お名前(メイ)": "カヨ",
    "メールアドレス": "kayo@example.jp",
    "会員ステータス(ID)": "2",
    "会員ステータス(名称)": "本会員",
}


def eccube_orders(
    *orders: Mapping[str, str],
    header: Sequence[str] = eccube.ORDER_HEADER,
    encoding: str = "cp932",
) -> bytes:
    """A 受注CSV: each mapping says how a row differs from ORDER."""
    rows = [[{**ORDER, **order}.get(name, "") for name in header] for order in orders]
    return written([header, *rows], encoding)


def eccube_customers(*members: Mapping[str, str], encoding: str = "cp932") -> bytes:
    """A 会員CSV: each mapping says how a row differs from MEMBER."""
    header = eccube.CUSTOMER_HEADER
    rows = [[{**MEMBER, **member}.get(name, "") for name in header] for member in members]
    return written([header, *rows], encoding)
