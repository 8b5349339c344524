"""What surveys hold about people (crm/customers/registry.py)."""

from django.utils.translation import gettext_lazy as _

from crm.customers.registry import Fate, hold
from surveys.models import Invitation, Response

hold(
    Invitation,
    "customer",
    title=_("What we asked you"),
    shows={
        "invited_at": _("when"),
        "occasion": _("what"),
        "purchase__external_id": _("order number"),
        "expires_at": _("to be answered until"),
    },
    keeps=("nonce",),  # opens nothing once the person is erased
)
hold(
    Response,
    "invitation__customer",
    title=_("What you answered"),
    shows={
        "answered_at": _("when"),
        "invitation__occasion": _("what"),
        "answers": _("scores"),
        "touchpoint__text_row__text": _("in your words"),
    },
    fate=Fate.KEPT,  # scores only: the words stand in the ledger
)
