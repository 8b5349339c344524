from django.db import models
from django.utils.translation import gettext_lazy as _


class SuggestionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DISMISSED = "dismissed", _("Set aside")
    EXPIRED = "expired", _("Overtaken by events")
    DONE = "done", _("Done")
