from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    """What a complaint is about: the factors that expectation and evaluation are asked by."""

    QUALITY = "quality", _("Quality")
    PRICE = "price", _("Price")
    RESPONSE = "response", _("The shop's response")
    DELIVERY = "delivery", _("Delivery")
    OTHER = "other", _("Something else")


class ComplaintState(models.TextChoices):
    WAITING = "waiting", _("Waiting for our answer")
    ANSWERED = "answered", _("Answered, not settled")
    CLOSED = "closed", _("Settled")


class Felt(models.IntegerChoices):
    """How our response was felt, on the scale of a recovery evaluation."""

    EXCEEDED = 1, _("Went beyond what was expected")
    MET = 0, _("As expected")
    BELOW = -1, _("Fell short of what was expected")
