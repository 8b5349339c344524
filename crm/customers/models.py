from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.customers.enums import (
    VOID,
    ConsentPurpose,
    ConsentState,
    NoteKind,
    PurchaseStatus,
    SuppressionReason,
    SuppressionScope,
)
from crm.tenancy.models import TenantForeignKey, TenantModel


class Customer(TenantModel):
    """A person, as one shop knows them. Erasing anonymises in place; nothing is soft-deleted."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    kana = models.CharField(_("reading of the name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    email_norm = models.CharField(max_length=254, blank=True)  # compared with =; see addresses.py
    locale = models.CharField(_("language"), max_length=5, blank=True)  # empty: the shop's
    # False for a marketplace's masked address: the order counts, the address is not ours to use.
    is_contactable = models.BooleanField(default=True)
    quiet_until = models.DateTimeField(null=True)  # そっとしておく, at the customer's own wish
    merged_into = TenantForeignKey("crm.Customer", models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                F("shop"), F("email_norm"), F("id"), name="customer_email",
                condition=~Q(email_norm=""),
            ),
            models.Index(F("shop"), F("merged_into"), name="customer_merged",
                         condition=Q(merged_into__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"


class CustomerIdentity(TenantModel):
    """The name another system gives a customer; a person may have one from each."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="identities")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "source", "external_id"], name="identity_once"),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), name="identity_customer"),
            models.Index(F("shop"), F("external_id"), name="identity_number"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class Consent(TenantModel):
    """What a person allowed or refused, when, and how we know; superseded, never edited."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose)
    state = models.CharField(max_length=10, choices=ConsentState)
    at = models.DateTimeField()
    evidence = models.JSONField(default=dict)

    changeable = ("customer",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=ConsentPurpose.values), name="consent_purpose"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ConsentState.values), name="consent_state"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), F("purpose"), F("at"), name="consent_latest")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class Note(TenantModel):
    """What staff write down about a person, in their own words: no fact, and no stage reads it."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind, default=NoteKind.NOTE)
    source = models.CharField(max_length=100)  # the form it was typed in: sent twice, it is one
    thread = models.CharField(max_length=100, blank=True)  # the case it belongs to
    at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField()

    changeable = ("customer", "text", "author")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "source"], name="note_once"),
            models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="note_kind"),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), F("at"), name="note_customer"),
            models.Index(F("shop"), F("thread"), name="note_thread", condition=~Q(thread="")),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Suppression(TenantModel):
    """An address that must not be written to. It is kept as an HMAC, so that it outlives
    erasure, merging and re-import of the person."""

    address_hmac = models.CharField(max_length=64)
    scope = models.CharField(max_length=10, choices=SuppressionScope)
    reason = models.CharField(max_length=20, choices=SuppressionReason)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "address_hmac", "scope"], name="suppression_once"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=SuppressionScope.values), name="suppression_scope"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=SuppressionReason.values), name="suppression_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} ({self.reason})"


class ErasedKey(TenantModel):
    """An id or address of somebody who was erased, as an HMAC (crm/customers/erased_keys.py),
    so that no file or machine that tells of them again brings back what was forgotten."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="+")
    key_hmac = models.CharField(max_length=64)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key_hmac"], name="erased_key_once"),
        ]
        indexes = [models.Index(F("shop"), F("customer"), name="erased_key_customer")]

    def __str__(self) -> str:
        return f"{self.key_hmac[:8]}…"


class Purchase(TenantModel):
    """An order. Amounts are in hundredths of the currency; display alone rounds."""

    customer = TenantForeignKey(Customer, models.PROTECT, null=True, related_name="purchases")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=100)
    ordered_at = models.DateTimeField()
    total = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=PurchaseStatus, default=PurchaseStatus.PLACED)
    voided_at = models.DateTimeField(null=True)  # null in a void status: from the order on
    refunded = models.BigIntegerField(default=0)
    refunded_at = models.DateTimeField(null=True)  # null with a refund: from the order on
    delivered_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=40, blank=True)
    subscription_id = models.CharField(max_length=100, blank=True)
    subscription_no = models.IntegerField(null=True)
    subscription_agreed = models.SmallIntegerField(null=True)  # お約束回数
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "source", "external_id"], name="purchase_once"),
            models.CheckConstraint(
                condition=Q(status__in=PurchaseStatus.values), name="purchase_status"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(refunded__gte=0), name="purchase_amounts"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), F("ordered_at"), name="purchase_customer"),
            models.Index(F("shop"), F("ordered_at"), F("id"), name="purchase_recent"),
            models.Index(F("shop"), F("external_id"), name="purchase_number"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"

    @property
    def is_void(self) -> bool:
        return self.status in VOID or 0 < self.refunded >= self.total


class PurchaseLine(TenantModel):
    """A product in an order, for the words of a mail and the taste of a customer."""

    purchase = TenantForeignKey(Purchase, models.CASCADE, related_name="lines")
    position = models.SmallIntegerField()
    product = models.CharField(max_length=300)
    code = models.CharField(max_length=100, blank=True)
    quantity = models.IntegerField(default=1)
    unit_price = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "purchase", "position"], name="purchase_line_once"
            ),
        ]

    def __str__(self) -> str:
        return self.product
