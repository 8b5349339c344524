"""Where one can go in a shop: a line for each section, in the order of the rail.

On a phone the first four lie under the thumb, the others one tap away behind ほか.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.shops.enums import Action

ON_THE_SHELF = 4


@dataclass(frozen=True)
class Section:
    """`name` is its address, and what its pages call themselves in the context's `section`."""

    name: str
    words: Promise
    action: Action = Action.READ  # what a member must be allowed to do to be shown it


SECTIONS = [
    Section("today", _("Today")),
    Section("customers", _("Customers")),
    Section("surveys", _("Surveys")),
    Section("complaints", _("Complaints")),
    Section("figures", _("Looking back")),
    Section("mails", _("Mail")),
    Section("imports", _("Imports"), Action.IMPORT),
    Section("diagnosis", _("Diagnosis")),
    Section("settings", _("Settings"), Action.OWN),
]
