"""BASE: the file of orders (it has none of customers).

An order has a row for each of its products, and one for each option of a product
(商品オプション「…」, without a 商品ID). Who ordered, 送料 and the other fees are repeated on
each. What was paid is added up from 価格 × 数量 of the rows and the fees: 合計金額 is the
row's in some files and the order's in others. Customers are known by their address alone.
"""

from collections.abc import Callable, Sequence

from crm.imports import cells as read
from crm.imports.canonical import Column, Layout
from crm.imports.enums import FileKind, Reason, Refusal
from crm.imports.errors import CellRefusedError, FileRefusedError
from crm.imports.presets.finding import cell, joined, one, require
from crm.imports.tables import Header

ORDER_HEADER = tuple(
    """
    注文ID 注文日時 氏(請求先) 名(請求先) 郵便番号(請求先) 都道府県(請求先) 住所(請求先)
    住所2(請求先) 電話番号(請求先) メールアドレス(請求先) 氏(配送先) 名(配送先)
    郵便番号(配送先) 都道府県(配送先) 住所(配送先) 住所2(配送先) 電話番号(配送先) 備考
    商品名 バリエーション 価格 税率 数量 合計金額 送料 支払い方法 代引き手数料 発送状況
    商品ID 種類ID 購入元 配送日 配送時間帯 注文メモ 調整金額
    """.split()  # noqa: SIM905  (as the header reads)
)

#: Without 発送状況 a cancelled order would count as bought, without 送料 it would cost less.
NEEDED = (
    ("注文ID",),
    ("注文日時",),
    ("メールアドレス(請求先)",),
    ("商品名",),
    ("価格",),
    ("数量",),
    ("送料",),
    ("発送状況",),
)

_STATUSES = {  # 発送状況
    **dict.fromkeys(("未対応", "対応中", "対応開始前", "入金待ち", "未発送"), "placed"),
    **dict.fromkeys(("対応済み", "対応済", "発送済み", "発送済", "発送完了", "配送中"), "shipped"),
    "着荷": "delivered",
    **dict.fromkeys(("キャンセル", "キャンセル済み", "キャンセル済"), "cancelled"),
}
_FEES = ("送料", "代引き手数料", "調整金額")
_OPTION = "商品オプション"


def layout(header: Header, kind: FileKind) -> Layout:
    """Where our columns stand; FileRefusedError when a needed one is missing or there twice."""
    if kind != FileKind.ORDERS:
        raise FileRefusedError(Refusal.KIND_UNKNOWN, "BASE")
    require(header, NEEDED)
    columns = _orders(header)
    return {name: column for name, column in columns.items() if column is not None}


def _orders(header: Header) -> dict[str, Column | None]:
    status = one(header, "発送状況")
    product, product_id = one(header, "商品名"), one(header, "商品ID")
    price, quantity = one(header, "価格"), one(header, "数量")

    def is_option(cells: Sequence[str]) -> bool:
        return not cell(product_id, cells) and cell(product, cells).startswith(_OPTION)

    def of_products(column: Column | None) -> Column | None:
        return column and Column(
            column.label, lambda cells: "" if is_option(cells) else column.read(cells)
        )

    def status_of(cells: Sequence[str]) -> str:
        word = cell(status, cells)
        if word and word not in _STATUSES:
            raise CellRefusedError(Reason.STATUS_UNKNOWN, word)
        return _STATUSES.get(word, "")

    def price_of(cells: Sequence[str]) -> str:
        each = cell(price, cells) or ("0" if is_option(cells) else "")
        if not each:
            raise CellRefusedError(Reason.EMPTY)
        pieces = read.whole_number(cell(quantity, cells) or "1")
        return _written(read.money(each, currency="JPY") * pieces)

    return {
        "order_id": one(header, "注文ID"),
        "email": one(header, "メールアドレス(請求先)"),
        "name": joined(header, "氏(請求先)", "名(請求先)"),
        "ordered_at": one(header, "注文日時"),
        "total": Column("・".join(_FEES), _fees(header)),
        "part": Column("価格", price_of),
        "status": Column("発送状況", status_of),
        "channel": one(header, "購入元"),
        "product": of_products(product),
        "product_code": of_products(one(header, "商品コード")),
        "quantity": of_products(quantity),
    }


def _fees(header: Header) -> Callable[[Sequence[str]], str]:
    columns = [one(header, name) for name in _FEES]

    def fees_of(cells: Sequence[str]) -> str:
        told = [text for column in columns if (text := cell(column, cells))]
        return _written(sum(read.money(text, currency="JPY") for text in told))

    return fees_of


def _written(hundredths: int) -> str:
    sign, amount = "-" if hundredths < 0 else "", abs(hundredths)
    return f"{sign}{amount // 100}.{amount % 100:02}"
