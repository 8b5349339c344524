"""Where Django finds the models of every room; the one file that knows all floors."""

from crm.customers.models import (
    Consent,
    Customer,
    CustomerIdentity,
    Purchase,
    PurchaseLine,
    Suppression,
)
from crm.ledger.models import Touchpoint, TouchpointText
from crm.shops.models import ApiKey, Membership, Shop, User
from crm.work.models import Heartbeat, PeriodDone, Work

__all__ = [
    "ApiKey",
    "Consent",
    "Customer",
    "CustomerIdentity",
    "Heartbeat",
    "Membership",
    "PeriodDone",
    "Purchase",
    "PurchaseLine",
    "Shop",
    "Suppression",
    "Touchpoint",
    "TouchpointText",
    "User",
    "Work",
]
