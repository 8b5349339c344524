from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language

from crm.models import Customer, Mail, Purchase, Touchpoint
from crm.stages.enums import Stage
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from surveys.enums import AFTER_DELIVERY, OCCASIONS, REMINDED, Occasion, Signal, SurveyKind
from surveys.hours import Hours
from surveys.wording import Item, Items, item_in


class Survey(TenantModel):
    """What a shop asks its customers, and how long it waits; one of each kind."""

    kind = models.CharField(max_length=10, choices=SurveyKind)
    # Only orders placed after this moment are ever asked about; null while switched off.
    switched_on_at = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)  # the last time
    was_on_since = models.DateTimeField(null=True)  # until then: what undoing goes back to
    days_after_delivery = models.PositiveSmallIntegerField(default=7)
    days_after_order = models.PositiveSmallIntegerField(default=14)
    hour_from = models.PositiveSmallIntegerField(default=9)
    hour_until = models.PositiveSmallIntegerField(default=20)
    repeat_days = models.PositiveSmallIntegerField(default=365)  # of the question about the shop
    reminds = models.BooleanField(default=False)  # who stands at Landing, once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind"], name="survey_once"),
            models.CheckConstraint(condition=Q(kind__in=SurveyKind.values), name="survey_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_on(self) -> bool:
        return self.switched_on_at is not None

    @property
    def is_new(self) -> bool:
        """Whether it was never switched on."""
        return self.switched_on_at is None and self.switched_off_at is None

    @property
    def hours(self) -> Hours:
        return Hours(self.hour_from, self.hour_until)

    def may_remind(self, occasion: Occasion, stage: int) -> bool:
        """Whether somebody at this stage may be asked this once more (domain.md, section 6)."""
        return self.reminds and stage == Stage.LANDING and occasion in REMINDED

    @property
    def occasions(self) -> tuple[Occasion, ...]:
        return OCCASIONS[SurveyKind(self.kind)]


class SurveyVersion(TenantModel):
    """The questions as they were asked. Never changed, so that every answer keeps its question;
    other words are a new version."""

    survey = TenantForeignKey(Survey, models.CASCADE, related_name="versions")
    n = models.PositiveSmallIntegerField()
    items = models.JSONField()  # surveys.wording.Items
    created_at = models.DateTimeField(db_default=Now())

    changeable = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "survey", "n"], name="survey_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}.{self.n}"

    def item(self, occasion: str, language: str) -> Item:
        items: Items = self.items
        return item_in(items[occasion], language)


class Invitation(TenantModel):
    """One question to one person about one order, and the link that opens it."""

    survey = TenantForeignKey(Survey, models.CASCADE, related_name="invitations")
    version = TenantForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="invitations")
    purchase = TenantForeignKey(Purchase, models.CASCADE, null=True, related_name="invitations")
    occasion = models.CharField(max_length=20, choices=Occasion)
    nonce = models.CharField(max_length=32)  # a new link makes the one before it run out
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stage = models.PositiveSmallIntegerField(default=0)  # theirs when asked: it sets the tone
    mail = TenantForeignKey(Mail, models.SET_NULL, null=True, related_name="invitations")
    # Whether the letter said that one reminder may follow; without it none does.
    may_remind = models.BooleanField(default=False)
    reminder = TenantForeignKey(Mail, models.SET_NULL, null=True, related_name="reminded_of")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "survey", "customer", "occasion", "purchase"],
                name="invitation_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["shop", "purchase"],
                name="invitation_after_once",
                condition=Q(occasion__in=AFTER_DELIVERY),
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=Occasion.values), name="invitation_occasion"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("survey"), F("invited_at"), name="invitation_survey"),
            models.Index(F("shop"), F("purchase"), F("occasion"), name="invitation_purchase"),
            models.Index(
                F("shop"), F("customer"), F("occasion"), F("invited_at"), name="invitation_latest"
            ),
            models.Index(
                F("shop"),
                F("survey"),
                F("id"),
                name="invitation_to_remind",
                condition=Q(may_remind=True, reminder__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.pk}"


class Response(TenantModel):
    """The answer to an invitation. The fact itself, with its words, stands in the ledger."""

    # Whose answer it is, so that a list of one survey's answers reads no others.
    survey = TenantForeignKey(Survey, models.CASCADE, related_name="responses")
    invitation = TenantOneToOneField(Invitation, models.CASCADE, related_name="response")
    touchpoint = TenantForeignKey(Touchpoint, models.CASCADE, related_name="+")
    n = models.PositiveSmallIntegerField(default=1)  # grows with each correction
    answers = models.JSONField()  # item → score; -1, 0, 1 where it was to be compared
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    is_suspected = models.BooleanField(default=False)
    signals = models.JSONField(default=list)  # surveys.enums.Signal
    refused_scores = models.JSONField(default=list)  # other scores sent within a minute
    # Who looked at it and decided; a machine's signs no longer change it then.
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("shop"), F("survey"), F("id"), name="response_survey"),
            models.Index(
                F("shop"),
                F("survey"),
                F("id"),
                name="response_suspected",
                condition=Q(is_suspected=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def score(self) -> int:
        score: int = self.answers["overall"]
        return score

    @property
    def said(self) -> str:
        """The answer in the language of the page: "9", or "As I had expected"."""
        invitation = self.invitation
        item = invitation.version.item(invitation.occasion, get_language())
        return item.answers[self.score]

    @property
    def words(self) -> str:
        text = getattr(self.touchpoint, "text_row", None)
        return text.text if text else ""

    @property
    def signs(self) -> list[Signal]:
        return [Signal(signal) for signal in self.signals]
