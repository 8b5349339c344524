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
    sender_name = models.CharField(max_length=100, blank=True)  # empty: the shop's name
    # Of what is meant for one person alone, so that it is noticed when it goes to another.
    personal_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(F("shop"), F("mail"), name="mail_content_shop"),
            models.Index(F("shop"), F("personal_hash"), name="mail_content_personal",
                         condition=~Q(personal_hash="")),
        ]  # fmt: skip

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


class AccountMail(models.Model):
    """A mail to somebody who works here, about their account or their shops; until it has left.

    Of no shop, so it has no wall; and it may hold a code, so the row goes with the mail.
    """

    to_address = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    due_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index(F("due_at"), name="account_mail_due")]

    def __str__(self) -> str:
        return str(self.message_id)
