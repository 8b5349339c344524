from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    EXPECTATION = "expectation", _("Expectation")
    EVALUATION = "evaluation", _("Evaluation")
    PERCEIVED = "perceived", _("Compared with what was expected")
    NPS = "nps", _("Likelihood to introduce us")
    LETTER = "letter", _("Letter")
    INQUIRY = "inquiry", _("Inquiry")
    REPLY = "reply", _("Reply")
    REVIEW = "review", _("Review")
    EVENT = "event", _("Joined an event")
    IDEA = "idea", _("Sent an idea or a picture")
    COMMUNITY = "community", _("Wrote in the community")
    SHARE = "share", _("Told others in public")
    REFERRAL = "referral", _("Introduced somebody")
    COMPLAINT = "complaint", _("Complaint")
    COMPLAINT_CLOSED = "complaint_closed", _("Complaint settled")
    COMPLAINT_REOPENED = "complaint_reopened", _("Complaint taken up again")
    RECOVERY = "recovery", _("Impression after our response")
    SUBSCRIPTION_LEFT = "subscription_left", _("Left a subscription")
    UNSUBSCRIBED = "unsubscribed", _("Asked us to stop writing")
    OUR_LETTER = "our_letter", _("Letter from us")
    OUR_CALL = "our_call", _("Call from us")
    OUR_INSERT = "our_insert", _("Our note in the parcel")


#: What the shop did by hand: it weighs nothing, and what came closer than a note in a parcel
#: counts as a contact.
OUR_CONTACTS = frozenset({Kind.OUR_LETTER, Kind.OUR_CALL})
OURS = OUR_CONTACTS | {Kind.OUR_INSERT}


#: Born without weight: staff say whether it is a personal letter (お便り).
BORN_SHOWN = frozenset({Kind.INQUIRY, Kind.REPLY})


class Standing(models.TextChoices):
    COUNTS = "counts", _("Counts")
    SHOWN = "shown", _("Shown, not counted")  # a reply or inquiry until staff mark it personal
    SUSPECTED = "suspected", _("Probably a machine's; left out")
    WITHDRAWN = "withdrawn", _("Taken back")  # written down by mistake: as if it were not there


#: Between these staff may choose.
OPEN_TO_STAFF = frozenset({Standing.COUNTS, Standing.SHOWN})


class Medium(models.TextChoices):
    """By which it came to the shop; the customer chooses it."""

    PHONE = "phone", _("By telephone")
    MAIL = "mail", _("By e-mail")
    PAPER = "paper", _("On paper")
    STORE = "store", _("In the shop")
    SITE = "site", _("On our site")
    MARKETPLACE = "marketplace", _("On a marketplace")
    SOCIAL = "social", _("On social media")
