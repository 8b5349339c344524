"""Files as bytes, and what is read from them: shared by the tests of this room."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm.imports.decoding import Reading, recognise_encoding, text_of
from crm.imports.enums import Reason
from crm.imports.models import ImportNote, ImportRun
from crm.imports.presets import base, eccube
from crm.imports.tables import BadRow, Header, Row, Table
from crm.imports.uploads import upload
from crm.shops.models import Shop, User


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


def _header(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\n", "").split(","))


SHOPIFY_ORDERS = _header(
    """Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,
Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,
Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,
Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,
Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,
Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,
Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,
Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,
Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,
Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,
Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,
Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References"""
)
SHOPIFY_CUSTOMERS = _header(
    """Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,
Default Address Address1,Default Address Address2,Default Address City,
Default Address Province Code,Default Address Country Code,Default Address Zip,
Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,
Tags"""
)
SHOPIFY_ORDER = {
    "Name": "#1001",
    "Email": "kayo@example.jp",
    "Financial Status": "paid",
    "Paid at": "2026-05-10 12:00:05 +0900",
    "Fulfillment Status": "fulfilled",
    "Fulfilled at": "2026-05-11 09:10:00 +0900",
    "Accepts Marketing": "no",
    "Currency": "JPY",
    "Subtotal": "4800",
    "Shipping": "600",
    "Taxes": "490",
    "Total": "5400",
    "Discount Amount": "0",
    "Shipping Method": "ヤマト運輸",
    "Created at": "2026-05-10 12:00:00 +0900",
    "Lineitem quantity": "2",
    "Lineitem name": "深蒸し茶 - 100g",
    "Lineitem price": "2400",
    "Lineitem sku": "TEA-01",
    "Lineitem requires shipping": "true",
    "Lineitem taxable": "true",
    "Lineitem fulfillment status": "fulfilled",
    "Billing Name": "山口 佳代",
    "Billing Zip": "'4300926",
    "Billing Country": "JP",
    "Shipping Name": "山口 佳代",
    "Refunded Amount": "0",
    "Outstanding Balance": "0",
    "Id": "5550000001",
    "Risk Level": "Low",
    "Source": "web",
}
SHOPIFY_ITEM = {  # a further row of the order: it tells of a product alone
    "Name": "#1001",
    "Email": "kayo@example.jp",
    "Created at": "",
    "Lineitem quantity": "1",
    "Lineitem name": "湯のみ",
    "Lineitem price": "600",
    "Lineitem sku": "CUP-03",
}
SHOPIFY_CUSTOMER = {
    "Customer ID": "'6123456789012",
    "First Name": "佳代",
    "Last Name": "山口",
    "Email": "kayo@example.jp",
    "Accepts Email Marketing": "yes",
    "Default Address Country Code": "JP",
    "Default Address Zip": "'4300926",
    "Phone": "'+819012345678",
    "Accepts SMS Marketing": "no",
    "Total Spent": "5400",
    "Total Orders": "1",
    "Tax Exempt": "no",
}
BASE_ORDER = {
    "注文ID": "0A1B2C3D4E5F6789",
    "注文日時": "2026-05-10 12:00:00",
    "氏(請求先)": "山口",
    "名(請求先)": "佳代",
    "メールアドレス(請求先)": "kayo@example.jp",
    "氏(配送先)": "山口",
    "名(配送先)": "佳代",
    "商品名": "深蒸し茶",
    "バリエーション": "100g",
    "価格": "2400",
    "税率": "8%",
    "数量": "2",
    "合計金額": "4800",
    "送料": "600",
    "支払い方法": "クレジットカード決済",
    "代引き手数料": "0",
    "発送状況": "発送済み",
    "商品ID": "41230001",
    "種類ID": "77120001",
    "購入元": "WEB",
    "調整金額": "",
}
BASE_OPTION = {  # 商品オプション of the row before it
    "商品名": "商品オプション「のし」",
    "バリエーション": "内のし",
    "価格": "100",
    "数量": "2",
    "合計金額": "200",
    "商品ID": "",
    "種類ID": "",
}


def shopify_orders(*rows: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    """An orders_export.csv: each mapping says how a row differs from SHOPIFY_ORDER, or is a
    further row of an order (SHOPIFY_ITEM) and then stands for itself."""
    told = [row if "Created at" in row and not row["Created at"] else {**SHOPIFY_ORDER, **row}
            for row in rows]  # fmt: skip
    table = [[row.get(name, "") for name in SHOPIFY_ORDERS] for row in told]
    return written([SHOPIFY_ORDERS, *table], encoding)


def shopify_customers(*rows: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    """A customers_export.csv: each mapping says how a row differs from SHOPIFY_CUSTOMER."""
    told = [{**SHOPIFY_CUSTOMER, **row} for row in rows]
    table = [[row.get(name, "") for name in SHOPIFY_CUSTOMERS] for row in told]
    return written([SHOPIFY_CUSTOMERS, *table], encoding)


def base_orders(
    *rows: Mapping[str, str],
    header: Sequence[str] = base.ORDER_HEADER,
    encoding: str = "cp932",
) -> bytes:
    """BASE's order file: each mapping says how a row differs from BASE_ORDER."""
    table = [[{**BASE_ORDER, **row}.get(name, "") for name in header] for row in rows]
    return written([header, *table], encoding)


def uploaded(shop: Shop, *, by: User, secret: str) -> ImportRun:
    """A file that waits for a person, with the secret in its name, its rows and a note."""
    rows = [["order_id", "email", "ordered_at", "total"], [secret, f"{secret}@x.jp", "?", "1"]]
    run = upload(shop=shop, by=by, file=io.BytesIO(written(rows)), file_name=f"{secret}.csv")
    ImportNote.objects.create(
        shop=shop, run=run, line=2, code=Reason.DATE_UNREADABLE, is_left_out=True, raw=secret
    )
    return run
