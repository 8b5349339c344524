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


class AccountAct(models.TextChoices):
    """What is written down for good when it happens to a person's account."""

    SIGNED_UP = "signed_up", _("Signed up")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    SIGN_IN_FAILED = "sign_in_failed", _("Signing in failed")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PASSWORD_RESET = "password_reset", _("Password chosen anew")
    ADDRESS_CHANGED = "address_changed", _("Address changed")
    FACTOR_ADDED = "factor_added", _("Second step added")
    FACTOR_REMOVED = "factor_removed", _("Second step taken away")
    FACTOR_RENEWED = "factor_renewed", _("Spare codes renewed")
    REFUSED = "refused", _("Asked for a shop they do not belong to")


class Scope(models.TextChoices):
    """What a key to the API may do."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")
