from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    ALLOW = "allow", _("May be sent")
    HOLD = "hold", _("Wait for now")
    BLOCK = "block", _("Refrain")


class Moment(models.TextChoices):
    PLANNING = "planning", _("When it was planned")
    SENDING = "sending", _("When it was to be sent")


class Reason(models.TextChoices):
    """Why; the sentence is what staff read on the timeline."""

    FINE = "fine", _("Nothing speaks against it.")
    ERASED = "erased", _("The person's data were erased.")
    NO_ADDRESS = "no_address", _("We have no address to write to.")
    MASKED_ADDRESS = "masked_address", _("The address belongs to a marketplace, not to us.")
    SUPPRESSED = "suppressed", _("The person asked us to stop, or the address does not exist.")
    REFUSED = "refused", _("The person does not wish for this kind of mail.")
    NO_CONSENT = "no_consent", _("The person has not asked for letters from us.")
    STAGE_FORBIDS = "stage_forbids", _("It is too early for this question.")
    ASKED_ONCE = "asked_once", _("We have asked about this order once; silence is an answer.")
    NPS_THIS_YEAR = "nps_this_year", _("We asked this within the last year.")
    ORDER_VOID = "order_void", _("The order was cancelled or returned.")
    RECOVERY_FIRST = "recovery_first", _("Something is unresolved; that comes first.")
    LEFT_QUIET = "left_quiet", _("The person asked to be left quiet for a while.")
    DISTANCE = "distance", _("The last contact was only a few days ago.")
    BUDGET = "budget", _("There have been enough contacts for now.")
    NIGHT = "night", _("It is night; the mail waits for the morning.")
