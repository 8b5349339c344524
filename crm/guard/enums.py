from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    ALLOW = "allow", _("May be sent")
    HOLD = "hold", _("Wait for now")
    BLOCK = "block", _("Refrain")


class Moment(models.TextChoices):
    PLANNING = "planning", _("When it was planned")
    SENDING = "sending", _("When it was to be sent")


class Channel(models.TextChoices):
    """How a person is reached; the closer it comes, the later in a relationship it suits."""

    MAIL = "mail", _("E-mail")
    INSERT = "insert", _("A note in the parcel")
    LETTER = "letter", _("A letter by hand")
    PHONE = "phone", _("A call")


class Measure(models.TextChoices):
    """What a stage forbids (domain.md, section 6): family.example, each with why it does harm.

    The words that betray each of them stand in measures.py; the list is open.
    """

    SIGNUP_DISCOUNT = "offer.signup_discount", _("A discount before there is trust puts on guard.")
    SUBSCRIPTION = "offer.subscription", _("A subscription offered out of the blue hurries.")
    VIP = "offer.vip", _("A rank given out of the blue is felt to be a sale.")
    NEWSLETTER = "flood.newsletter", _("One newsletter after another drowns the person.")
    FEATURES = "flood.features", _("A list of merits is a flood, not a conversation.")
    AUTHORITY = "flood.authority", _("Awards and numbers press on somebody who only looks on.")
    COMMENT = "call.comment", _("To be asked for words assumes that one takes part.")
    ACTION = "call.action", _("To be called to act assumes that one takes part.")
    UPSELL = "landing.upsell", _("To be sold more turns ease into comparing.")
    SUCCESS_STORY = "landing.success_story", _("Others' success makes one compare and step back.")
    TEMPLATE = "empathy.template", _("Words that went to others say: you were not special.")
    AUTOMATIC = "empathy.automatic", _("A machine's answer ends a tie between persons.")
    EVERYONE = "empathy.everyone", _("What is said to everybody is said to nobody.")
    CONTROL = "engagement.control", _("To be managed breaks what was begun freely.")
    RATING = "engagement.rating", _("To be rated with numbers breaks what was begun freely.")
    COMMAND = "engagement.command", _("To be told what to do breaks what was begun freely.")
    SPECIAL_TREATMENT = (
        "circulation.special_treatment",
        _("Too much special treatment weighs on a supporter."),
    )
    LOAD = "circulation.load", _("The same few people must not carry it all.")
    GRANTED = "circulation.granted", _("Support taken for granted ends without a word.")


class Reason(models.TextChoices):
    """Why; the sentence is what staff read on the timeline."""

    FINE = "fine", _("Nothing speaks against it.")
    ERASED = "erased", _("The person's data were erased.")
    NO_ADDRESS = "no_address", _("We have no address to write to.")
    MASKED_ADDRESS = "masked_address", _("The address belongs to a marketplace, not to us.")
    SUPPRESSED = "suppressed", _("The person asked us to stop, or the address does not exist.")
    REFUSED = "refused", _("The person does not wish for this kind of mail.")
    NO_CONSENT = "no_consent", _("The person has not asked for letters from us.")
    NO_SENDER = "no_sender", _("The settings do not yet say who writes, and from where.")
    STAGE_FORBIDS = "stage_forbids", _("It is too early for this question.")
    MEASURE_FORBIDDEN = "measure_forbidden", _("These words do not suit the relationship yet.")
    SELLS = "sells", _("It offers something, and the person has not asked for offers.")
    TOO_CLOSE = "too_close", _("To be reached this way would come too close for now.")
    ASKED_ONCE = "asked_once", _("We have asked about this order once; silence is an answer.")
    NPS_THIS_YEAR = "nps_this_year", _("We asked this within the last year.")
    NOT_REMINDED = "not_reminded", _("Only who has just come to ease is reminded, and once.")
    ORDER_VOID = "order_void", _("The order was cancelled or returned.")
    RECOVERY_FIRST = "recovery_first", _("Something is unresolved; that comes first.")
    LEFT_QUIET = "left_quiet", _("The person asked to be left quiet for a while.")
    DISTANCE = "distance", _("The last contact was only a few days ago.")
    BUDGET = "budget", _("There have been enough contacts for now.")
    NIGHT = "night", _("It is night; the mail waits for the morning.")
