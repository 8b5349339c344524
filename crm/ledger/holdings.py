"""What this room holds about people (crm/customers/registry.py)."""

from django.utils.translation import gettext_lazy as _

from crm.customers.registry import Fate, hold
from crm.ledger.models import Touchpoint, TouchpointText

hold(
    Touchpoint,
    "customer",
    title=_("What passed between us"),
    shows={
        "at": _("when"),
        "kind": _("what"),
        "value": _("score"),
        "stars": _("stars"),
        "purchase__external_id": _("order number"),
        "text_row__text": _("in your words"),
        "standing": _("whether it counts"),
    },
    keeps=("source", "response", "thread"),  # names of rows and cases
)
hold(
    TouchpointText,
    "touchpoint__customer",
    title=_("The words you gave us"),
    shows={"touchpoint__at": _("when"), "text": _("in your words")},
    fate=Fate.DELETED,
)
