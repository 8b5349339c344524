from enum import Enum, auto

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    ORDER = "order", _("Before and after an order")
    NPS = "nps", _("Whether they would introduce us")


class Occasion(models.TextChoices):
    """What a person is asked, and so when; the value of each is also that of its ledger kind."""

    EXPECTATION = "expectation", _("Before the delivery")
    EVALUATION = "evaluation", _("After the delivery")
    NPS = "nps", _("Once a year")


#: The occasions of each survey, in the order in which they come.
OCCASIONS: dict[SurveyKind, tuple[Occasion, ...]] = {
    SurveyKind.ORDER: (Occasion.EXPECTATION, Occasion.EVALUATION),
    SurveyKind.NPS: (Occasion.NPS,),
}


class Signal(models.TextChoices):
    """What makes an answer look like a machine's; the sentence is what staff read."""

    TRAP = "trap", _("It filled in a field that people do not see.")
    UNOPENED = "unopened", _("It came without the page having been opened.")
    TOO_FAST = "too_fast", _("It came within two seconds of opening the page.")
    SOON = "soon", _("It came without words within half a minute of our mail.")
    SEVERAL = "several", _("Several different numbers came within a minute.")


class Outcome(Enum):
    """What became of an answer that was sent."""

    STORED = auto()  # the first, a correction, or a person's in place of a machine's
    REPEATED = auto()  # the same once more: the same thanks
    REFUSED = auto()  # another answer stands and is not to be overwritten unasked
