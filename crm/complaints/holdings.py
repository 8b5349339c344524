"""What this room holds about people (crm/customers/registry.py)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.complaints.enums import ComplaintState
from crm.complaints.models import Complaint
from crm.customers.registry import Person, before_forgetting, hold

hold(
    Complaint,
    "customer",
    title=_("Your complaints"),
    shows={
        "opened_at": _("when"),
        "theme": _("what about"),
        "state": _("state"),
        "closed_at": _("settled"),
    },
    keeps=("thread",),
)


@before_forgetting
def close_cases(person: Person, at: datetime) -> None:
    """Nobody waits for an answer any more."""
    Complaint.objects.filter(
        shop_id=person.shop_id, customer__in=person.ids, closed_at=None
    ).update(state=ComplaintState.CLOSED, closed_at=at)
