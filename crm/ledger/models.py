from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.customers.models import Customer, Purchase
from crm.ledger.enums import BORN_SHOWN, OPEN_TO_STAFF, OURS, Kind, Medium, Standing
from crm.shops.by_hand import BY_HAND
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


class Touchpoint(TenantModel):
    """One fact of a relationship, written once. Only its standing and, by a merge, its
    customer ever change; the app role may not touch the other columns."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="touchpoints")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    source = models.CharField(max_length=100)  # who wrote it, such as "surveys.response:42"
    purchase = TenantForeignKey(Purchase, models.CASCADE, null=True, related_name="touchpoints")
    # Scores on 0-10; perceived and recovery as -1, 0, 1.
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    words_len = models.IntegerField(default=0)  # as crm.ledger.words counts; 0 for stock phrases
    words_is_ja = models.BooleanField(default=False)
    stars = models.SmallIntegerField(null=True)
    is_rewarded = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    other_customer = TenantForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    replaces = TenantForeignKey("crm.Touchpoint", models.CASCADE, null=True, related_name="+")
    response = models.CharField(max_length=100, blank=True)  # facts given together share it
    thread = models.CharField(max_length=100, blank=True)  # facts of one case share it
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.COUNTS)
    medium = models.CharField(max_length=12, choices=Medium, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    changeable = ("standing", "customer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "source"], name="touchpoint_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="touchpoint_kind"),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="touchpoint_standing"
            ),
            models.CheckConstraint(
                condition=Q(medium__in=["", *Medium.values]), name="touchpoint_medium"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), F("at"), name="touchpoint_customer"),
            models.Index(F("shop"), F("purchase"), name="touchpoint_purchase",
                         condition=Q(purchase__isnull=False)),
            models.Index(F("shop"), F("other_customer"), name="touchpoint_other",
                         condition=Q(other_customer__isnull=False)),
            models.Index(F("shop"), F("replaces"), name="touchpoint_replaces",
                         condition=Q(replaces__isnull=False)),
            models.Index(F("shop"), F("thread"), name="touchpoint_thread",
                         condition=~Q(thread="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"

    @property
    def is_by_hand(self) -> bool:
        """Whether staff wrote it down, and so may take it back."""
        return self.source.startswith(BY_HAND)

    @property
    def is_ours(self) -> bool:
        """Whether it was the shop who acted."""
        return self.kind in OURS

    @property
    def may_be_personal(self) -> bool:
        """Whether staff say if it counts as a personal letter (お便り)."""
        return self.kind in BORN_SHOWN and self.standing in OPEN_TO_STAFF


class TouchpointText(TenantModel):
    """The words themselves, apart from the fact, so that they can be erased."""

    touchpoint = TenantOneToOneField(Touchpoint, models.CASCADE, related_name="text_row")
    text = models.TextField()

    class Meta:
        # The wall between shops needs the shop to lead; the one-to-one already finds the row.
        indexes = [models.Index(F("shop"), F("touchpoint"), name="touchpoint_text_shop")]

    def __str__(self) -> str:
        return self.text[:40]
