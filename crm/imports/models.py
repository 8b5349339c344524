from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.imports.enums import FileKind, Format, RunState
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


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
    cursor = models.BigIntegerField(default=0)  # the line up to which the file is in
    counts = models.JSONField(default=dict)  # see crm.imports.counts
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="import_run_kind"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="import_run_format"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="import_run_state"),
        ]
        indexes = [
            models.Index(F("shop"), F("source"), F("kind"), F("id"), name="import_run_latest")
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportFile(TenantModel):
    """An uploaded file, so that any worker can read it; kept for a week."""

    run = TenantOneToOneField(ImportRun, models.CASCADE, related_name="file")
    content = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(F("shop"), F("created_at"), name="import_file_age")]

    def __str__(self) -> str:
        return str(self.run)


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
