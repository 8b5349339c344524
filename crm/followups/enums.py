from django.db import models
from django.utils.translation import gettext_lazy as _


class SuggestionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DISMISSED = "dismissed", _("Set aside")
    EXPIRED = "expired", _("Overtaken by events")
    DONE = "done", _("Done")


#: Somebody has it in hand, or should; there is at most one of these for each customer.
OPEN = frozenset({SuggestionState.PROPOSED, SuggestionState.APPROVED})


class Dismissal(models.TextChoices):
    """Why staff set a suggestion aside; what they choose often tells what to change."""

    OTHERWISE = "otherwise", _("We have spoken in another way")
    NOT_NOW = "not_now", _("It is not the moment")
    NOT_THEM = "not_them", _("It does not suit this person")
    LEAVE = "leave", _("Better left in peace")
    MISTAKEN = "mistaken", _("It rests on a mistake")


class Call(models.IntegerChoices):
    """What calls for a play; the day's list is worked through in this order."""

    SOLVE = 0, _("Solve it first")
    THANK = 1, _("Not yet thanked")
    ANSWER = 2, _("Words waiting for a reply")
    HEED = 3, _("Gone quiet")
    TEND = 4, _("A word at the right time")
    REST = 9, _("Left in peace")
