"""Shopify: orders_export.csv and customers_export.csv, whose headers are English everywhere.

An order has a row for each of its products; what belongs to the order itself (Total,
Financial Status, Cancelled at, the names) stands on the first of them only. The number its
people know is Name, such as #1001; it stands on every row, so orders are told apart by it.
The file of orders knows customers by their address alone, that of customers has their ids.
"""

import re
from collections.abc import Sequence

from crm.imports.canonical import Column, Layout
from crm.imports.enums import FileKind, Reason
from crm.imports.errors import CellRefusedError
from crm.imports.presets.finding import cell, either, one, require
from crm.imports.tables import Header

#: Of each group one column at least must be there. Without Cancelled at, a cancelled order
#: would count as bought.
NEEDED = {
    FileKind.ORDERS: (
        ("Name",),
        ("Email",),
        ("Financial Status",),
        ("Total",),
        ("Created at",),
        ("Cancelled at",),
    ),
    FileKind.CUSTOMERS: (
        ("First Name",),
        ("Last Name",),
        ("Email",),
        ("Accepts Email Marketing", "Accepts Marketing"),
    ),
}

# Financial Status, with what it says of an order that is not sent yet.
_MONEY = {
    "pending": "placed",
    "authorized": "placed",
    "expired": "placed",
    "partially_paid": "placed",
    "paid": "paid",
    "partially_refunded": "paid",
    "refunded": "returned",
    "voided": "cancelled",  # the payment was given up before it was taken
}
_VOID = ("returned", "cancelled")
_LAST_NAME_FIRST = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def layout(header: Header, kind: FileKind) -> Layout:
    """Where our columns stand; FileRefusedError when a needed one is missing or there twice."""
    require(header, NEEDED[kind])
    columns = _orders(header) if kind == FileKind.ORDERS else _customers(header)
    return {name: column for name, column in columns.items() if column is not None}


def _orders(header: Header) -> dict[str, Column | None]:
    money = one(header, "Financial Status")
    sent = one(header, "Fulfillment Status")
    cancelled = one(header, "Cancelled at")

    def status_of(cells: Sequence[str]) -> str:
        if cell(cancelled, cells):
            return "cancelled"
        paid = cell(money, cells).casefold()
        if not paid:
            return ""
        if paid not in _MONEY:
            raise CellRefusedError(Reason.STATUS_UNKNOWN, paid)
        if cell(sent, cells).casefold() == "fulfilled" and _MONEY[paid] not in _VOID:
            return "shipped"
        return _MONEY[paid]

    return {
        "order_id": one(header, "Name"),
        "begins": either(header, "Created at", "Total", "Financial Status"),
        "email": one(header, "Email"),
        "name": either(header, "Billing Name", "Shipping Name"),
        "ordered_at": one(header, "Created at"),
        "total": one(header, "Total"),
        "currency": one(header, "Currency"),
        "status": Column("Financial Status", status_of),
        "refunded": one(header, "Refunded Amount"),
        "channel": one(header, "Source"),
        "product": one(header, "Lineitem name"),
        "product_code": one(header, "Lineitem sku"),
        "quantity": one(header, "Lineitem quantity"),
    }


def _customers(header: Header) -> dict[str, Column | None]:
    first, last = one(header, "First Name"), one(header, "Last Name")

    def name_of(cells: Sequence[str]) -> str:
        names = [cell(first, cells), cell(last, cells)]
        if _LAST_NAME_FIRST.search("".join(names)):
            names.reverse()
        return " ".join(names)

    return {
        "customer_id": one(header, "Customer ID"),
        "email": one(header, "Email"),
        "name": Column("First Name", name_of),
    }
