"""How the rows of each kind of file are staged, and which rows tell of one and the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.imports.enums import FileKind


@dataclass(frozen=True)
class Shape:
    columns: dict[str, str]  # of canonical.py, with their type in PostgreSQL
    key: str  # what rows of one order, or of one customer, have in common
    must_agree: tuple[str, ...]  # rows that do not are left out; the rest is a matter of taste
    needed: tuple[str, ...] = ()  # one row at least must tell it
    amounts: tuple[str, ...] = ()  # of money, once gathered: neither below zero nor absurd
    gathered: Mapping[str, str] = field(default_factory=dict)  # otherwise than by the largest


SHAPES = {
    FileKind.ORDERS: Shape(
        columns={
            "order_id": "text",
            "customer_id": "text",
            "email": "text",
            "address": "text",
            "name": "text",
            "kana": "text",
            "ordered_at": "timestamptz",
            "total": "bigint",
            "part": "bigint",
            "currency": "text",
            "status": "text",
            "refunded": "bigint",
            "delivered_at": "timestamptz",  # of several parcels, the last
            "channel": "text",
            "product": "text",
            "product_code": "text",
            "quantity": "integer",
            "subscription_id": "text",
            "subscription_no": "integer",
        },
        key="order_id",
        must_agree=(
            "customer_id",
            "email",
            "ordered_at",
            "total",
            "currency",
            "status",
            "refunded",
            "subscription_id",
            "subscription_no",
        ),
        needed=("ordered_at", "total"),
        amounts=("total",),
        gathered={"total": "max(total) + coalesce(sum(part), 0)"},
    ),
    FileKind.CUSTOMERS: Shape(
        columns={
            "customer_id": "text",
            "email": "text",
            "address": "text",
            "name": "text",
            "kana": "text",
            "locale": "text",
            "has_left": "boolean",  # of several rows, any
        },
        key="coalesce('#' || customer_id, '@' || lower(email))",
        must_agree=("email", "name", "kana", "locale"),
        gathered={"has_left": "bool_or(has_left)"},
    ),
}
