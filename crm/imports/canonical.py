"""A row's cells to an order or a customer, or the column and the reason why not.

A preset says where each of our columns stands in the file (a layout); everything after
that is the same for every cart.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from crm.customers.addresses import is_masked, normalise
from crm.customers.enums import PurchaseStatus
from crm.imports import cells
from crm.imports.enums import FileKind, Reason, Remark
from crm.imports.errors import CellRefusedError, RowRefusedError
from crm.imports.tables import Row, normalised

Value = TypeVar("Value")

ORDER_COLUMNS = (
    "order_id",
    "customer_id",
    "email",
    "name",
    "kana",
    "ordered_at",
    "total",
    "currency",
    "status",
    "refunded",
    "delivered_at",
    "channel",
    "product",
    "product_code",
    "quantity",
    "subscription_id",
    "subscription_no",
)
CUSTOMER_COLUMNS = ("customer_id", "email", "name", "kana", "locale")
COLUMNS = {FileKind.ORDERS: ORDER_COLUMNS, FileKind.CUSTOMERS: CUSTOMER_COLUMNS}

#: Of each group one column at least must be there.
NEEDED: dict[FileKind, tuple[tuple[str, ...], ...]] = {
    FileKind.ORDERS: (("order_id",), ("customer_id", "email"), ("ordered_at",), ("total",)),
    FileKind.CUSTOMERS: (("customer_id", "email"),),
}

LANGUAGES = ("ja", "en")
UNKNOWN_LANGUAGE = "und"

# A character lost on the way: EC-CUBE writes ? for what CP932 has not, decoding writes U+FFFD,
# and a character of the shop's own making (外字) has no shape anywhere else.
_LOST = re.compile("[?\N{REPLACEMENT CHARACTER}\ue000-\uf8ff]")

# Besides our own words, those that mean the same beyond doubt.
_STATUS_WORDS = {status.value: status for status in PurchaseStatus} | {
    "canceled": PurchaseStatus.CANCELLED,
    "キャンセル": PurchaseStatus.CANCELLED,
    "キャンセル済み": PurchaseStatus.CANCELLED,
    "注文取消": PurchaseStatus.CANCELLED,
    "注文取消し": PurchaseStatus.CANCELLED,
    "返品": PurchaseStatus.RETURNED,
    "返品済み": PurchaseStatus.RETURNED,
    "新規受付": PurchaseStatus.PLACED,
    "未入金": PurchaseStatus.PLACED,
    "入金済": PurchaseStatus.PAID,
    "入金済み": PurchaseStatus.PAID,
    "発送済": PurchaseStatus.SHIPPED,
    "発送済み": PurchaseStatus.SHIPPED,
    "配達済み": PurchaseStatus.DELIVERED,
    "配達完了": PurchaseStatus.DELIVERED,
    "テスト": PurchaseStatus.TEST,
    "サンプル": PurchaseStatus.SAMPLE,
    "再送": PurchaseStatus.SAMPLE,
    "交換": PurchaseStatus.SAMPLE,
}
_STATUS_WORDS = {normalised(word): status for word, status in _STATUS_WORDS.items()}


@dataclass(frozen=True)
class Column:
    """Where one of our columns stands: the file's own name for it, and how it is read."""

    label: str
    read: Callable[[Sequence[str]], str]


#: Our columns, and two that only presets have: `begins` says something in the row that an
#: order begins with and nothing in those that go on with it; `part` adds up to its total.
Layout = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of an order file. None is "the file does not say", which changes nothing."""

    line: int
    order_id: str
    customer_id: str | None
    email: str | None
    address: str | None  # the email as it is compared; None too where a marketplace made it up
    name: str | None
    kana: str | None
    ordered_at: datetime | None  # as total and currency: None where the row goes on with an order
    total: int | None  # hundredths, as refunded
    part: int | None  # what this row adds to the total
    currency: str | None
    status: PurchaseStatus | None
    refunded: int | None
    delivered_at: datetime | None
    channel: str | None
    product: str | None
    product_code: str | None
    quantity: int | None
    subscription_id: str | None
    subscription_no: int | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One row of a customer file, with a customer_id or an email or both."""

    line: int
    customer_id: str | None
    email: str | None
    address: str | None
    name: str | None
    kana: str | None
    locale: str | None
    has_left: bool  # gave up the membership: known, but no longer to be written to
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one file, all with the same layout."""

    layout: Layout
    zone: ZoneInfo
    currency: str = "JPY"
    date_formats: tuple[str, ...] = ()

    def order(self, row: Row) -> OrderRow:
        """The row as an order; RowRefusedError with the column and the reason."""
        at = {"zone": self.zone, "formats": self.date_formats}
        # First, for a row that is no order yet may lack everything else.
        status = self._read(row, "status", status_of)
        told_currency = self._read(row, "currency", cells.currency_code)
        currency = told_currency or self.currency
        begins = "begins" not in self.layout or self._read(row, "begins", str) is not None
        need = self._need if begins else self._read
        # Where the rows add up to the total, it tells of fees alone; a discount is below zero.
        amount = cells.money if "part" in self.layout else cells.amount
        email, address, name, remarks = self._person(row)
        return OrderRow(
            line=row.line,
            order_id=self._need(row, "order_id", cells.identifier),
            customer_id=self._read(row, "customer_id", cells.identifier),
            email=email,
            address=address,
            name=name,
            kana=self._read(row, "kana", cells.words, most=200),
            ordered_at=need(row, "ordered_at", cells.moment, **at),
            total=need(row, "total", amount, currency=currency),
            part=self._read(row, "part", cells.money, currency=currency),
            currency=currency if begins else told_currency,
            status=status,
            refunded=self._read(row, "refunded", cells.amount, currency=currency),
            delivered_at=self._read(row, "delivered_at", cells.optional_moment, **at),
            channel=self._read(row, "channel", cells.words, most=40),
            product=self._read(row, "product", cells.words, most=300),
            product_code=self._read(row, "product_code", cells.words, most=100),
            quantity=self._read(row, "quantity", cells.whole_number),
            subscription_id=self._read(row, "subscription_id", cells.identifier),
            subscription_no=self._read(row, "subscription_no", cells.whole_number, least=1),
            remarks=remarks,
        )

    def customer(self, row: Row) -> CustomerRow:
        """The row as a customer; RowRefusedError with the column and the reason."""
        has_left = self._read(row, "has_left", str) is not None
        customer_id = self._read(row, "customer_id", cells.identifier)
        email, address, name, remarks = self._person(row)
        if not (customer_id or email):
            raise RowRefusedError(Reason.NO_IDENTITY)
        language = self._read(row, "locale", language_of)
        if language == UNKNOWN_LANGUAGE:
            language = None
            remarks += (Remark.LANGUAGE_UNKNOWN,)
        return CustomerRow(
            line=row.line,
            customer_id=customer_id,
            email=email,
            address=address,
            name=name,
            kana=self._read(row, "kana", cells.words, most=200),
            locale=language,
            has_left=has_left,
            remarks=remarks,
        )

    def order_id(self, row: Row) -> str | None:
        """The id alone, of a row that may otherwise not be read; None where that fails too."""
        try:
            return self._read(row, "order_id", cells.identifier)
        except RowRefusedError:
            return None

    def _person(self, row: Row) -> tuple[str | None, str | None, str | None, tuple[Remark, ...]]:
        remarks = []
        email = self._read(row, "email", cells.identifier, most=1_000)
        address = _compared(email) if email else None
        if email and not (address and len(address) <= 254 >= len(email)):
            email = address = None
            remarks.append(Remark.ADDRESS_UNUSABLE)
        elif address and _is_masked(address):
            address = None
        name = self._read(row, "name", cells.words, most=200)
        if name and _LOST.search(name):
            remarks.append(Remark.NAME_GARBLED)
        return email, address, name, tuple(remarks)

    def _read(
        self, row: Row, name: str, convert: Callable[..., Value], **options: Any
    ) -> Value | None:
        """The value of our column, None where the file has no such column or the cell is blank."""
        column = self.layout.get(name)
        if column is None:
            return None
        text = ""
        try:
            text = column.read(row.cells)
            value = convert(text, **options) if text.strip() else None
        except CellRefusedError as refused:
            raise RowRefusedError(refused.reason, column.label, text or refused.value) from refused
        return None if value == "" else value

    def _need(self, row: Row, name: str, convert: Callable[..., Value], **options: Any) -> Value:
        value = self._read(row, name, convert, **options)
        if value is None:
            raise RowRefusedError(Reason.EMPTY, self.layout[name].label)
        return value


_compared = lru_cache(maxsize=4096)(normalise)
_is_masked = lru_cache(maxsize=4096)(is_masked)


@lru_cache(maxsize=256)
def status_of(text: str) -> PurchaseStatus:
    try:
        return _STATUS_WORDS[normalised(text)]
    except KeyError as error:
        raise CellRefusedError(Reason.STATUS_UNKNOWN) from error


def language_of(text: str) -> str:
    """The language we write in for `ja`, `ja-JP`, `JA`; UNKNOWN_LANGUAGE for any other."""
    language = cells.half_width(cells.unguarded(text)).lower()[:2]
    return language if language in LANGUAGES else UNKNOWN_LANGUAGE
