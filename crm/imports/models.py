from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.imports.decoding import Reading
from crm.imports.enums import FileKind, Format, Refusal, RunState
from crm.tenancy.models import TenantForeignKey, TenantModel


class ImportRun(TenantModel):
    """One file on its way in, and what became of it."""

    kind = models.CharField(max_length=10, choices=FileKind)
    format = models.CharField(max_length=10, choices=Format)
    source = models.CharField(max_length=40)  # whose ids these are, such as "eccube"
    mapping = models.JSONField(default=dict)  # our columns → the file's, in the generic format
    date_format = models.CharField(max_length=100, blank=True)  # of strptime; empty: year first
    header = models.JSONField(default=list)
    header_fingerprint = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20)
    lost_characters = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.UNDERWAY)
    refusal = models.CharField(max_length=30, blank=True, default="")  # a Refusal: why it failed
    refusal_detail = models.TextField(blank=True, default="")
    forecast = models.JSONField(default=dict)  # see crm.imports.forecast; empty until examined
    cursor = models.BigIntegerField(default=0)  # the line up to which the file is in
    counts = models.JSONField(default=dict)  # see crm.imports.counts
    started_by = models.ForeignKey(  # null: the command, or somebody who is gone
        "crm.User", models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="import_run_kind"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="import_run_format"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="import_run_state"),
        ]
        indexes = [
            models.Index(F("shop"), F("source"), F("kind"), F("id"), name="import_run_latest"),
            models.Index(F("shop"), F("sha256"), F("id"), name="import_run_same"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def encoding_name(self) -> str:
        return Reading(self.encoding).name

    @property
    def format_words(self) -> Promise | str:
        """Whose file it is, in the reader's words."""
        if self.format != Format.GENERIC:
            return Format(self.format).label
        return _("Other file") if self.source == Format.GENERIC else self.source

    @property
    def refusal_words(self) -> Promise | str:
        return Refusal(self.refusal).label if self.refusal else ""


class ImportPiece(TenantModel):
    """A piece of an uploaded file, so that any worker can read it without holding it whole.

    Kept until the file is in, and a week at most.
    """

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="pieces", db_index=False)
    position = models.SmallIntegerField()
    content = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "run", "position"], name="import_piece_once"),
        ]
        indexes = [models.Index(F("shop"), F("created_at"), name="import_piece_age")]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.position}"


class ImportNote(TenantModel):
    """A row of a file that was left out, or went in with a remark."""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="notes")
    line = models.IntegerField()
    code = models.CharField(max_length=40)  # a Reason when left out, else a Remark
    is_left_out = models.BooleanField()
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    raw = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "run", "line", "code"], name="import_note_once"
            ),
        ]
        indexes = [models.Index(F("shop"), F("created_at"), name="import_note_age")]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"
