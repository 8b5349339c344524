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
