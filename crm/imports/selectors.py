from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from crm.imports.enums import GOING, FileKind, RunState
from crm.imports.models import ImportNote, ImportRun

EXAMPLES = 3  # of each reason


def runs_of(shop_id: int) -> QuerySet[ImportRun]:
    """The shop's files, each with who sent it."""
    return ImportRun.objects.select_related("shop", "started_by").filter(shop_id=shop_id)


def latest_done(*, shop_id: int, source: str, kind: FileKind) -> ImportRun | None:
    """The last file of this kind that came from this source."""
    return (
        ImportRun.objects.filter(shop_id=shop_id, source=source, kind=kind, state=RunState.DONE)
        .order_by("-id")
        .first()
    )


def latest_with_columns(
    *, shop_id: int, columns: str, kind: FileKind | None = None
) -> ImportRun | None:
    """The last file with this fingerprint of its header that was taken in."""
    runs = ImportRun.objects.filter(
        shop_id=shop_id, header_fingerprint=columns, state=RunState.DONE
    ).order_by("-id")
    return (runs.filter(kind=kind) if kind else runs).first()


def same_file_before(run: ImportRun) -> ImportRun | None:
    """The last run that took in this very file from this source, None the first time."""
    return (
        ImportRun.objects.filter(
            shop_id=run.shop_id,
            source=run.source,
            kind=run.kind,
            state=RunState.DONE,
            sha256=run.sha256,
            id__lt=run.pk,
        )
        .order_by("-id")
        .first()
    )


def twin_underway(run: ImportRun) -> ImportRun | None:
    """Another run that is taking in the very same file at this moment."""
    return (
        ImportRun.objects.select_related("started_by")
        .filter(shop_id=run.shop_id, sha256=run.sha256, state__in=GOING)
        .exclude(pk=run.pk)
        .first()
    )


def notes_of(run: ImportRun) -> QuerySet[ImportNote]:
    """The rows that were left out or remarked, in the file's order."""
    return ImportNote.objects.filter(shop_id=run.shop_id, run=run).order_by("line", "id")


def example_notes(run: ImportRun) -> QuerySet[ImportNote]:
    """The first rows of each reason."""
    place = Window(RowNumber(), partition_by="code", order_by=(F("line"), F("id")))
    return notes_of(run).annotate(place=place).filter(place__lte=EXAMPLES)
