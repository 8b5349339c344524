"""What this room holds about people (crm/customers/registry.py)."""

from django.utils.translation import gettext_lazy as _

from crm.customers.registry import hold
from crm.guard.models import GuardDecision

hold(
    GuardDecision,
    "customer",
    title=_("When we refrained from writing, and why"),
    shows={
        "decided_at": _("when"),
        "purpose": _("what for"),
        "moment": _("asked"),
        "verdict": _("answer"),
        "reason": _("why"),
    },
)
