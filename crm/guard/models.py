from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Customer
from crm.guard.enums import Channel, Moment, Reason, Verdict
from crm.guard.rules import Limits
from crm.mail.enums import Purpose
from crm.mail.models import Mail
from crm.tenancy.models import TenantForeignKey, TenantModel


class GuardSettings(TenantModel):
    """The shop's restraint (ご連絡の上限)."""

    distance_days = models.PositiveSmallIntegerField(
        _("days between contacts"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    budget = models.PositiveSmallIntegerField(
        _("contacts in a quarter"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    night_from = models.TimeField(_("no mail from"), default=time(21))
    night_until = models.TimeField(_("until"), default=time(8))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="guard_settings_once")]

    def __str__(self) -> str:
        return f"{self.budget} / {self.distance_days}"

    @property
    def limits(self) -> Limits:
        return Limits(
            distance_days=self.distance_days,
            budget=self.budget,
            night_from=self.night_from,
            night_until=self.night_until,
        )


class GuardDecision(TenantModel):
    """What the guard answered, and the facts it had; append-only, shown on the timeline."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="guard_decisions")
    mail = TenantForeignKey(Mail, models.CASCADE, null=True, related_name="guard_decisions")
    purpose = models.CharField(max_length=20, choices=Purpose)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    moment = models.CharField(max_length=10, choices=Moment)
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(max_length=30, choices=Reason)
    until_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    decided_at = models.DateTimeField(db_default=Now())

    changeable = ("customer", "facts")  # the facts are emptied when the person is erased

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(moment__in=Moment.values), name="guard_moment"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="guard_verdict"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="guard_reason"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="guard_channel"),
        ]
        indexes = [
            models.Index(F("shop"), F("customer"), F("decided_at"), name="guard_customer"),
            models.Index(F("shop"), F("mail"), name="guard_mail"),
            models.Index(F("shop"), F("decided_at"), name="guard_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.reason}"
