from enum import Enum, StrEnum, auto

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    ORDER = "order", _("Before and after an order")
    NPS = "nps", _("Whether they would introduce us")


class Occasion(models.TextChoices):
    """What a person is asked, and so when; the value of each is also that of its ledger kind."""

    EXPECTATION = "expectation", _("Before the delivery")
    EVALUATION = "evaluation", _("After the delivery")
    # In place of the evaluation, where no expectation was given in time: a pair is never made up.
    PERCEIVED = "perceived", _("After the delivery, all in one")
    NPS = "nps", _("Once a year")


#: The occasions of each survey, in the order in which they come.
OCCASIONS: dict[SurveyKind, tuple[Occasion, ...]] = {
    SurveyKind.ORDER: (Occasion.EXPECTATION, Occasion.EVALUATION, Occasion.PERCEIVED),
    SurveyKind.NPS: (Occasion.NPS,),
}

#: Two ways to ask about one order once it has come; nobody is asked both.
AFTER_DELIVERY = (Occasion.EVALUATION, Occasion.PERCEIVED)


class LeftOut(models.TextChoices):
    """Why an order is passed over when people are invited, before the guard is even asked."""

    BEFORE = "before", _("It was placed before the survey was switched on.")
    HEARD_LATE = "heard_late", _("We heard of it more than three days after it was placed.")
    NOBODY = "nobody", _("It names no customer.")
    GONE = "gone", _("The customer's data were erased.")
    NO_ADDRESS = "no_address", _("We have no address to write to.")
    MASKED_ADDRESS = "masked_address", _("The address belongs to a marketplace, not to us.")
    VOID = "void", _("It was cancelled, returned, a test or a sample.")
    RENEWAL = "renewal", _("It renews a subscription, which is no new decision.")
    HAS_COME = "has_come", _("The parcel came before we could ask what was expected.")
    NOT_LANDED = "not_landed", _("They are still looking on, or we do not know them yet.")
    ASKED_LATELY = "asked_lately", _("They were asked this a while ago; it is not time yet.")


class Tone(Enum):
    """How near to a person we speak, by their stage (domain.md, "Asking by stage")."""

    CARE = auto()  # Observer: to be felt as safe; no words are asked for
    CALM = auto()  # Landing: reassurance, quietly
    PERSONAL = auto()  # from Empathy on: a person writes, by name


class Signal(models.TextChoices):
    """What makes an answer look like a machine's; the sentence is what staff read."""

    TRAP = "trap", _("It filled in a field that people do not see.")
    UNOPENED = "unopened", _("It came without the page having been opened.")
    TOO_FAST = "too_fast", _("It came within two seconds of opening the page.")
    SOON = "soon", _("It came without words within half a minute of our mail.")
    SEVERAL = "several", _("Several different numbers came within a minute.")


class Show(models.TextChoices):
    """Which answers a list shows."""

    ALL = "all", _("All answers")
    WORDS = "words", _("With words")
    DELIGHTED = "delighted", _("Beyond what was expected")
    DISSATISFIED = "dissatisfied", _("Below what was expected")
    SUSPECTED = "suspected", _("Left out")


class Outcome(Enum):
    """What became of an answer that was sent."""

    STORED = auto()  # the first, a correction, or a person's in place of a machine's
    REPEATED = auto()  # the same once more: the same thanks
    REFUSED = auto()  # another answer stands and is not to be overwritten unasked


#: What may be asked once more where nobody answered; an expectation is of no use any more.
REMINDED = frozenset({Occasion.EVALUATION, Occasion.PERCEIVED, Occasion.NPS})


class Reminding(StrEnum):
    """What a letter says about being reminded."""

    NEVER = "never"
    MAY_FOLLOW = "may_follow"
    IS_ONE = "is_one"
