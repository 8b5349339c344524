from django.db import models
from django.utils.translation import gettext_lazy as _


class PurchaseStatus(models.TextChoices):
    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")
    RETURNED = "returned", _("Returned")
    TEST = "test", _("Test order")
    SAMPLE = "sample", _("Sample, reshipment or exchange")


#: A purchase in one of these does not count (stages.md, section 1, `orders`).
VOID = frozenset(
    {
        PurchaseStatus.CANCELLED,
        PurchaseStatus.RETURNED,
        PurchaseStatus.TEST,
        PurchaseStatus.SAMPLE,
    }
)


class ConsentPurpose(models.TextChoices):
    SURVEY = "survey", _("Survey about one's own order")
    FOLLOW_UP = "follow_up", _("Follow-up letter")


class ConsentState(models.TextChoices):
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")


class NoteKind(models.TextChoices):
    NOTE = "note", _("Note")  # for each other
    RESPONSE = "response", _("Our response")  # what we did about what a customer told us


class SuppressionScope(models.TextChoices):
    ALL = "all", _("Every mail of the shop")
    SURVEY = "survey", _("Surveys")
    FOLLOW_UP = "follow_up", _("Follow-up letters")


class SuppressionReason(models.TextChoices):
    UNSUBSCRIBED = "unsubscribed", _("Asked us to stop")
    BOUNCED = "bounced", _("The address does not exist")
    COMPLAINED = "complained", _("Reported as unwanted")
    ERASED = "erased", _("Was erased on request")
