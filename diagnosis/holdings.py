"""What the diagnosis holds about people (crm/customers/registry.py)."""

from django.utils.translation import gettext_lazy as _

from crm.customers.registry import Fate, hold
from diagnosis.models import Lead

hold(
    Lead,
    "customer",
    title=_("Your results that you asked us to mail"),
    shows={
        "at": _("when"),
        "may_contact": _("whether we may get in touch"),
        "confirmed_at": _("confirmed"),
        "attempt__answers": _("answers"),
    },
    fate=Fate.DELETED,
)
