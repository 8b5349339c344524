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


class Standing(models.TextChoices):
    COUNTS = "counts", _("Counts")
    SHOWN = "shown", _("Shown, not counted")  # a reply or inquiry until staff mark it personal
    SUSPECTED = "suspected", _("Probably a machine's; left out")
