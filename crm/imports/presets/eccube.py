"""EC-CUBE 4: 受注CSV and 会員CSV, as its dtb_csv.csv defines them.

The shop may reorder the columns, switch some off, and plugins add more, so they are found
by name. In 受注CSV every item of an order is a row, fees and discounts too (明細区分), and
what belongs to the order, such as 支払合計, is repeated on each.
"""

from collections.abc import Sequence

from crm.imports.canonical import Column, Layout
from crm.imports.enums import FileKind, Reason
from crm.imports.errors import CellRefusedError
from crm.imports.presets.finding import cell, joined, one, require
from crm.imports.tables import Header

ORDER_HEADER = tuple(
    """
    注文ID 注文番号 会員ID お名前(姓) お名前(名) お名前(セイ) お名前(メイ) 会社名 郵便番号
    都道府県(ID) 都道府県(名称) 住所1 住所2 メールアドレス TEL 性別(ID) 性別(名称) 職業(ID)
    職業(名称) 誕生日 ショップ用メモ欄 小計 値引き 送料 税金 合計 支払合計 対応状況(ID)
    対応状況(名称) 支払方法(ID) 支払方法(名称) 受注日 入金日 注文詳細ID 商品ID 商品規格ID 商品名
    商品コード 規格名1 規格名2 規格分類名1 規格分類名2 価格 個数 税率 税率ルール(ID)
    明細区分(ID) 明細区分(名称) 出荷ID 配送先_お名前(姓) 配送先_お名前(名) 配送先_お名前(セイ)
    配送先_お名前(メイ) 配送先_会社名 配送先_郵便番号 配送先_都道府県(ID) 配送先_都道府県(名称)
    配送先_住所1 配送先_住所2 配送先_TEL 配送業者(ID) 配送業者(名称) お届け時間ID
    お届け時間(名称) お届け希望日 送料 発送日 出荷伝票番号 配達用メモ 出荷メール送信日
    """.split()  # noqa: SIM905  (as the header reads)
)
CUSTOMER_HEADER = tuple(
    """
    会員ID お名前(姓) お名前(名) お名前(セイ) お名前(メイ) 会社名 郵便番号 都道府県(ID)
    都道府県(名称) 住所1 住所2 メールアドレス TEL 性別(ID) 性別(名称) 職業(ID) 職業(名称) 誕生日
    初回購入日 最終購入日 購入回数 ショップ用メモ欄 会員ステータス(ID) 会員ステータス(名称)
    登録日 更新日 ポイント
    """.split()  # noqa: SIM905  (as the header reads)
)

#: Of each group one column at least must be there. Without 対応状況 a cancelled order
#: would count as bought.
NEEDED = {
    FileKind.ORDERS: (
        ("注文ID",),
        ("会員ID", "メールアドレス"),
        ("受注日",),
        ("支払合計",),
        ("対応状況(ID)", "対応状況(名称)"),
    ),
    FileKind.CUSTOMERS: (
        ("会員ID",),
        ("メールアドレス",),
        ("会員ステータス(ID)", "会員ステータス(名称)"),
    ),
}

# By number, and by the name they have unless the shop renamed them.
_STATUSES = {  # 対応状況
    **dict.fromkeys(("1", "新規受付", "4", "対応中"), "placed"),
    **dict.fromkeys(("6", "入金済み"), "paid"),
    **dict.fromkeys(("5", "発送済み"), "shipped"),
    **dict.fromkeys(("3", "注文取消し"), "cancelled"),
    **dict.fromkeys(("9", "返品"), "returned"),
}
_UNFINISHED = ("7", "決済処理中", "8", "購入処理中")
_PRODUCT = ("1", "商品")  # 明細区分; 2 to 6 are 送料, 手数料, 割引, 税, ポイント
_PROVISIONAL, _LEFT = ("1", "仮会員"), ("3", "退会")  # 会員ステータス


def layout(header: Header, kind: FileKind) -> Layout:
    """Where our columns stand; FileRefusedError when a needed one is missing or there twice."""
    require(header, NEEDED[kind])
    columns = _orders(header) if kind == FileKind.ORDERS else _customers(header)
    return {name: column for name, column in columns.items() if column is not None}


def _orders(header: Header) -> dict[str, Column | None]:
    status = _Code(header, "対応状況")
    item = _Code(header, "明細区分")

    def of_products(name: str) -> Column | None:
        column = one(header, name)
        if column is None or not item.label:
            return None  # without 明細区分 a fee cannot be told from a product
        return Column(
            column.label, lambda cells: column.read(cells) if item.read(cells) in _PRODUCT else ""
        )

    return {
        "order_id": one(header, "注文ID"),
        "customer_id": one(header, "会員ID"),
        "email": one(header, "メールアドレス"),
        "name": joined(header, "お名前(姓)", "お名前(名)"),
        "kana": joined(header, "お名前(セイ)", "お名前(メイ)"),
        "ordered_at": one(header, "受注日"),
        "total": one(header, "支払合計"),
        "status": Column(status.label, lambda cells: _status(status.read(cells))),
        "product": of_products("商品名"),
        "product_code": of_products("商品コード"),
        "quantity": of_products("個数"),
    }


def _customers(header: Header) -> dict[str, Column | None]:
    state = _Code(header, "会員ステータス")
    email = one(header, "メールアドレス")

    def email_of(cells: Sequence[str]) -> str:
        # On leaving, EC-CUBE puts a random address in the place of the real one.
        return "" if email is None or state.read(cells) in _LEFT else email.read(cells)

    def has_left(cells: Sequence[str]) -> str:
        if state.read(cells) in _PROVISIONAL:
            raise CellRefusedError(Reason.NOT_A_MEMBER_YET)
        return "yes" if state.read(cells) in _LEFT else ""

    return {
        "customer_id": one(header, "会員ID"),
        "email": Column("メールアドレス", email_of),
        "name": joined(header, "お名前(姓)", "お名前(名)"),
        "kana": joined(header, "お名前(セイ)", "お名前(メイ)"),
        "has_left": Column(state.label, has_left),
    }


class _Code:
    """A pair of columns such as 対応状況(ID) and 対応状況(名称), of which one may be missing."""

    def __init__(self, header: Header, name: str) -> None:
        self._number = one(header, f"{name}(ID)")
        self._name = one(header, f"{name}(名称)")
        found = self._number or self._name
        self.label = found.label if found else ""

    def read(self, cells: Sequence[str]) -> str:
        """The number, or where there is none the name."""
        return cell(self._number, cells) or cell(self._name, cells)


def _status(code: str) -> str:
    if code in _UNFINISHED:
        raise CellRefusedError(Reason.NOT_AN_ORDER_YET, code)
    try:
        return _STATUSES[code]
    except KeyError as error:
        raise CellRefusedError(Reason.STATUS_UNKNOWN, code) from error
