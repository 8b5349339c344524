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
    SET_UP = "set_up"  # surveys, mail
    IMPORT = "import"  # take files in
    EXPORT = "export"  # take many customers' data out, or all of one's
    ERASE = "erase"  # forget a customer for good
    MANAGE_PEOPLE = "manage_people"  # invite, change roles, remove
    MANAGE_KEYS = "manage_keys"  # keys to the API
    OWN = "own"  # the shop itself: what it is called, what was done in it


class Act(models.TextChoices):
    """What is written down for good when it is done in a shop (crm/shops/audit.py)."""

    SHOP_OPENED = "shop.opened", _("Shop opened")
    SHOP_CHANGED = "shop.changed", _("Settings changed")
    COLLEAGUE_INVITED = "colleague.invited", _("Colleague invited")
    INVITATION_RENEWED = "invitation.renewed", _("Invitation sent again")
    INVITATION_REVOKED = "invitation.revoked", _("Invitation taken back")
    COLLEAGUE_JOINED = "colleague.joined", _("Colleague joined")
    ROLE_CHANGED = "role.changed", _("Role changed")
    COLLEAGUE_REMOVED = "colleague.removed", _("Colleague removed")
    COLLEAGUE_LEFT = "colleague.left", _("Colleague left")
    KEY_MADE = "key.made", _("API key made")
    KEY_REVOKED = "key.revoked", _("API key revoked")
    FILE_IMPORTED = "file.imported", _("File imported")
    LIST_EXPORTED = "list.exported", _("List of customers exported")
    CUSTOMER_EXPORTED = "customer.exported", _("Data of a customer exported")
    CUSTOMER_ERASED = "customer.erased", _("Customer erased")
    CUSTOMERS_MERGED = "customer.merged", _("Customers merged")
    CONTACT_STOPPED = "contact.stopped", _("Contact with a customer stopped by hand")
    RULES_CHANGED = "rules.changed", _("Rules changed")
