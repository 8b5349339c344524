from django.conf import settings
from django.db import models
from django.db.models import F, Q

from crm.complaints.enums import ComplaintState, Theme
from crm.customers.models import Customer
from crm.tenancy.models import TenantForeignKey, TenantModel

_IS_OPEN = ~Q(state=ComplaintState.CLOSED)


class Complaint(TenantModel):
    """A case: what the ledger's facts of one thread come to, with what staff decided of it.

    Theme, owner and due time are staff's; everything else is read off the facts
    (services.rebuild), so that the row can be made again from them.
    """

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="complaints")
    thread = models.CharField(max_length=100)  # of its facts; of a single fact, its source
    state = models.CharField(max_length=10, choices=ComplaintState, default=ComplaintState.WAITING)
    opened_at = models.DateTimeField()  # when it was last opened
    closed_at = models.DateTimeField(null=True)
    theme = models.CharField(max_length=10, choices=Theme, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "thread"], name="complaint_once"),
            models.CheckConstraint(
                condition=Q(state__in=ComplaintState.values), name="complaint_state"
            ),
            models.CheckConstraint(
                condition=Q(theme__in=["", *Theme.values]), name="complaint_theme"
            ),
            models.CheckConstraint(
                condition=_IS_OPEN | Q(closed_at__isnull=False), name="complaint_closed_at"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), name="complaint_customer"),
            models.Index(F("shop"), F("due_at"), F("id"), name="complaint_due", condition=_IS_OPEN),
            models.Index(F("shop"), F("closed_at"), F("id"), name="complaint_closed",
                         condition=~_IS_OPEN),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.thread}"

    @property
    def is_open(self) -> bool:
        return self.state != ComplaintState.CLOSED
