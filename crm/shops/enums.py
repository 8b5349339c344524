from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Staff")
    VIEWER = "viewer", _("Viewer")


class Action(models.TextChoices):
    """What a member may do; crm/shops/access.py says who may do which."""

    READ = "read"
    WORK = "work"  # answer, approve, correct a customer
    SET_UP = "set_up"  # surveys, imports, mail
    OWN = "own"  # members, keys, the shop itself
