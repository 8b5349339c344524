"""Where Django finds the models of every room; the one file that knows all floors."""

from crm.customers.models import (
    Consent,
    Customer,
    CustomerIdentity,
    Purchase,
    PurchaseLine,
    Suppression,
)
from crm.followups.models import Suggestion
from crm.guard.models import GuardDecision, GuardSettings
from crm.imports.models import ImportFile, ImportNote, ImportRun
from crm.ledger.models import Touchpoint, TouchpointText
from crm.mail.models import Mail, MailContent, MailEvent
from crm.shops.models import ApiKey, Membership, Shop, User
from crm.stages.models import (
    AssessmentLog,
    DatedYardstick,
    Relationship,
    StageSettings,
    StageSpell,
)
from crm.work.models import Heartbeat, PeriodDone, Work

__all__ = [
    "ApiKey",
    "AssessmentLog",
    "Consent",
    "Customer",
    "CustomerIdentity",
    "DatedYardstick",
    "GuardDecision",
    "GuardSettings",
    "Heartbeat",
    "ImportFile",
    "ImportNote",
    "ImportRun",
    "Mail",
    "MailContent",
    "MailEvent",
    "Membership",
    "PeriodDone",
    "Purchase",
    "PurchaseLine",
    "Relationship",
    "Shop",
    "StageSettings",
    "StageSpell",
    "Suggestion",
    "Suppression",
    "Touchpoint",
    "TouchpointText",
    "User",
    "Work",
]
