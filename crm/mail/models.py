import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.customers.models import Customer, Purchase
from crm.mail.enums import MailState, Purpose
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


class Mail(TenantModel):
    """One mail to one recipient, with a state anybody can see (design.md, rule 4)."""

    purpose = models.CharField(max_length=20, choices=Purpose)
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="mails")
    purchase = TenantForeignKey(Purchase, models.CASCADE, null=True, related_name="mails")
    to_address = models.CharField(max_length=254)
    state = models.CharField(max_length=12, choices=MailState, default=MailState.DUE)
    reason = models.CharField(max_length=40, blank=True)  # why held, blocked, cancelled, bounced
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # past it the mail is of no use and is cancelled
    message_id = models.UUIDField(default=uuid.uuid4)
    dedup_key = models.CharField(max_length=100)  # what makes it the same mail, once
    tries = models.SmallIntegerField(default=0)
    sending_since = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "dedup_key"], name="mail_once"),
            models.UniqueConstraint(fields=["shop", "message_id"], name="mail_message_id"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="mail_purpose"),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), F("id"), name="mail_customer"),
            models.Index(F("shop"), F("purchase"), name="mail_purchase",
                         condition=Q(purchase__isnull=False)),
            models.Index(F("shop"), F("id"), name="mail_recent"),
            models.Index(F("shop"), F("due_at"), name="mail_refused",
                         condition=Q(state="due", reason="sender_refused")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class MailContent(TenantModel):
    """What a mail says, apart from its state, so that it can be erased."""

    mail = TenantOneToOneField(Mail, models.CASCADE, related_name="content")
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(F("shop"), F("mail"), name="mail_content_shop")]

    def __str__(self) -> str:
        return self.subject


class MailEvent(TenantModel):
    """What a provider told about a mail, once however often it tells."""

    mail = TenantForeignKey(Mail, models.CASCADE, related_name="events")
    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    code = models.SmallIntegerField(null=True)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "provider", "event_id"], name="mail_event_once"
            ),
        ]
        indexes = [models.Index(F("shop"), F("mail"), name="mail_event_mail")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code or ''}"
