"""Where Django finds the models of every room; the one file that knows all floors."""

from crm.complaints.models import Complaint
from crm.customers.models import (
    Consent,
    Customer,
    CustomerIdentity,
    ErasedKey,
    Note,
    Purchase,
    PurchaseLine,
    Suppression,
)
from crm.figures.models import KeptFigures
from crm.followups.models import Acknowledgement, Suggestion
from crm.guard.models import GuardDecision, GuardSettings
from crm.imports.models import ImportNote, ImportPiece, ImportRun
from crm.ledger.models import Touchpoint, TouchpointText
from crm.mail.models import AccountMail, Mail, MailContent, MailEvent
from crm.shops.machines.models import ApiPace, ApiReply
from crm.shops.models import (
    AccountEntry,
    ApiKey,
    ApiKeyUse,
    AuditEntry,
    MemberInvitation,
    Membership,
    Shop,
    User,
)
from crm.stages.models import (
    AssessmentLog,
    DatedYardstick,
    Relationship,
    StageSettings,
    StageSpell,
)
from crm.work.models import Heartbeat, PeriodDone, Work

__all__ = [
    "AccountEntry",
    "AccountMail",
    "Acknowledgement",
    "ApiKey",
    "ApiKeyUse",
    "ApiPace",
    "ApiReply",
    "AssessmentLog",
    "AuditEntry",
    "Complaint",
    "Consent",
    "Customer",
    "CustomerIdentity",
    "DatedYardstick",
    "ErasedKey",
    "GuardDecision",
    "GuardSettings",
    "Heartbeat",
    "ImportNote",
    "ImportPiece",
    "ImportRun",
    "KeptFigures",
    "Mail",
    "MailContent",
    "MailEvent",
    "MemberInvitation",
    "Membership",
    "Note",
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
