"""What this room holds about people (crm/customers/registry.py)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.customers.registry import Fate, Person, before_forgetting, hold
from crm.followups.enums import OPEN, SuggestionState
from crm.followups.models import Acknowledgement, Suggestion

hold(
    Suggestion,
    "customer",
    title=_("What was proposed to do for you"),
    shows={
        "proposed_at": _("when"),
        "play": _("what"),
        "state": _("what became of it"),
        "subject": _("subject"),
        "opening": _("opening"),
        "personal": _("personal part"),
        "closing": _("closing"),
        "note": _("note of the shop"),
    },
    keeps=("play", "reason"),
)
hold(
    Acknowledgement,
    "touchpoint__customer",
    title=_("When we thanked you or answered"),
    shows={"at": _("when"), "channel": _("way")},
    fate=Fate.KEPT,
)


@before_forgetting
def take_off_the_list(person: Person, at: datetime) -> None:
    """Propose nothing for somebody who is nobody any more."""
    Suggestion.objects.filter(
        shop_id=person.shop_id, customer__in=person.ids, state__in=OPEN
    ).update(state=SuggestionState.EXPIRED, settled_at=at)
