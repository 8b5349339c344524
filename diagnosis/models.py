from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.models import Customer, Shop
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from diagnosis.content import Quiz as Content
from diagnosis.content import read_quiz


class QuizAddress(models.Model):
    """Which shop runs the quiz at /d/<slug>/: known before anybody's door is open, so not walled.

    Holds nothing but what everybody may know.
    """

    slug = models.SlugField(max_length=40, unique=True)
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="quiz_addresses")

    def __str__(self) -> str:
        return self.slug


class Quiz(TenantModel):
    """A quiz a shop shows to the public, at one address."""

    slug = models.SlugField(max_length=40)
    # Who stopped it keeps every result that was handed out; only beginning anew is refused.
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "slug"], name="quiz_once")]

    def __str__(self) -> str:
        return self.slug


class QuizVersion(TenantModel):
    """Questions, weights and words as they were shown. Never changed: other words are a new
    version, so that each result can be worked out again for ever."""

    quiz = TenantForeignKey(Quiz, models.CASCADE, related_name="versions")
    n = models.PositiveSmallIntegerField()
    data = models.JSONField()  # what diagnosis.content.read_quiz reads
    created_at = models.DateTimeField(db_default=Now())

    changeable = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "quiz", "n"], name="quiz_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id}.{self.n}"

    @property
    def content(self) -> Content:
        return read_quiz(self.data)


class Attempt(TenantModel):
    """One go at the quiz by whoever holds its token. Nothing here says who that is."""

    version = TenantForeignKey(QuizVersion, models.PROTECT, related_name="attempts")
    token_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    answers = models.JSONField(default=dict)  # the id of the question → ids of options
    reached = models.PositiveSmallIntegerField(default=0)  # questions answered, for drop-off
    started_at = models.DateTimeField()
    # Once finished: the public address of the result, and the stage, for counting.
    finished_at = models.DateTimeField(null=True)
    result = models.UUIDField(null=True)
    stage = models.PositiveSmallIntegerField(null=True)
    earlier = TenantForeignKey("self", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "token_sha256"], name="attempt_token_once"),
            models.UniqueConstraint(fields=["shop", "result"], name="attempt_result_once"),
            models.CheckConstraint(
                condition=Q(finished_at=None, result=None, stage=None)
                | Q(finished_at__isnull=False, result__isnull=False, stage__lte=4),
                name="attempt_finished_whole",
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("version"), F("stage"), name="attempt_stage"),
            models.Index(F("shop"), F("version"), F("started_at"), name="attempt_started"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Lead(TenantModel):
    """Somebody who asked for their result by mail, and became a customer of the shop by it."""

    attempt = TenantOneToOneField(Attempt, models.CASCADE, related_name="lead")
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="quiz_leads")
    may_contact = models.BooleanField()  # ticked by themselves, with the words shown beside it
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # and pressed again, behind the mailed link

    class Meta:
        indexes = [models.Index(F("shop"), F("id"), name="lead_recent")]

    def __str__(self) -> str:
        return f"#{self.pk}"
