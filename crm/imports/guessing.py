"""What a file from the browser seems to be, and which of its columns seem to be ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from django.conf import settings
from django.utils import translation

from crm.imports.canonical import COLUMNS, NEEDED
from crm.imports.enums import FileKind, Format, Refusal
from crm.imports.errors import FileRefusedError
from crm.imports.formats import PRESETS, recognise
from crm.imports.labels import COLUMN_LABELS
from crm.imports.models import ImportRun
from crm.imports.tables import Header, normalised

# What other carts, tills and people call our columns, the likeliest first. Never taken for
# granted: a person sees what is proposed and says that it is right.
_NAMES = {
    "order_id": """
        注文番号 注文ID 受注番号 受注ID 受注コード 売上ID 伝票番号 order_number order_no order""",
    "customer_id": """
        お客さま番号 お客様番号 顧客番号 会員番号 顧客ID 会員ID 購入者顧客ID 顧客コード
        customer_number customer_no customer_code member_id user_id""",
    "email": """
        メールアドレス 注文者メールアドレス 購入者メールアドレス メール Eメール E-mail mail
        email_address""",
    "name": """
        お名前 氏名 名前 顧客名 会員名 注文者氏名 注文者 注文者名 購入者名前 購入者名
        customer_name full_name billing_name""",
    "kana": """
        フリガナ ふりがな お名前(フリガナ) 氏名(フリガナ) 氏名カナ 名前フリガナ カナ
        注文者(振り仮名)""",
    "ordered_at": """
        注文日時 注文日 受注日時 受注日 購入日時 購入日 売上日 日付 order_date ordered_on
        purchased_at purchase_date purchased_on created_at date""",
    "total": """
        合計金額 ご請求金額 請求金額 請求合計金額 総合計金額 お支払い合計 支払合計 総額 合計 金額
        order_total grand_total total_price amount""",
    "currency": "通貨",
    "status": """
        状態 ステータス 注文状況 注文ステータス 対応状況 処理状況 受注ステータス order_status""",
    "refunded": "返金額 返金金額 refund_amount refunded_amount",
    "delivered_at": "お届け日 配達日 配達完了日 到着日 delivered_on delivery_date",
    "channel": "経路 購入経路 販売経路 販売チャネル 購入元 source",
    "product": "商品名 購入商品商品名 品名 product_name item_name item",
    "product_code": "商品コード 商品番号 型番 品番 sku",
    "quantity": "数量 個数 購入数量 購入商品販売個数 qty",
    "subscription_id": "定期番号 定期ID 定期コース番号",
    "subscription_no": "定期回数 お届け回数 回数",
    "locale": "言語 language",
}


@cache
def _known_as(ours: str) -> tuple[str, ...]:
    """Its own name, what our pages call it in each language, and what others do."""
    own = [ours]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            own.append(str(COLUMN_LABELS[ours]))
    return tuple(normalised(name) for name in (*own, *_NAMES[ours].split()))


@dataclass(frozen=True)
class Settled:
    """How the columns of a file are read."""

    kind: FileKind
    format: Format
    source: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""

    @classmethod
    def of(cls, run: ImportRun) -> "Settled":
        return cls(FileKind(run.kind), Format(run.format), run.source, run.mapping, run.date_format)


def first_reading(
    header: Header, *, kind: FileKind | None = None, before: Settled | None = None
) -> Settled | None:
    """How a file is read without asking anybody; None when a person must say.

    As the last one with these columns, else by the first format that knows them, as `kind` if
    that can be and as the other kind if not. FileRefusedError when it is certainly of one
    format, and something else is wrong with it.
    """
    if before:
        return before
    kinds = sorted(FileKind, key=lambda each: (each != kind, each != FileKind.ORDERS))
    for format, each in product((*PRESETS, Format.GENERIC), kinds):
        try:
            recognise(header, kind=each, format=format)
        except FileRefusedError as refused:
            if refused.refusal not in (Refusal.COLUMNS_MISSING, Refusal.KIND_UNKNOWN):
                raise
        else:
            return Settled(each, format, format.value)
    return None


def guess_kind(header: Header) -> FileKind:
    """Orders, if any column looks like an order's number or day; else customers."""
    proposed = propose(header, FileKind.ORDERS)
    is_of_orders = {"order_id", "ordered_at", "total"} & proposed.keys()
    return FileKind.ORDERS if is_of_orders else FileKind.CUSTOMERS


def propose(header: Header, kind: FileKind) -> dict[str, str]:
    """Our columns, each with the one of the file that is likely meant, where there is any."""
    proposed: dict[str, str] = {}
    for ours in COLUMNS[kind]:
        for name in _known_as(ours):
            position = header.position(name)
            if position is None or header.count(name) > 1:
                continue
            if (theirs := header.cells[position]) not in proposed.values():
                proposed[ours] = theirs
                break
    return proposed


def lacking(mapping: Mapping[str, str], kind: FileKind) -> list[tuple[str, ...]]:
    """The groups of needed columns of which the mapping names none."""
    return [group for group in NEEDED[kind] if not mapping.keys() & set(group)]
