from django.db.models import QuerySet

from crm.imports.enums import FileKind, RunState
from crm.imports.models import ImportNote, ImportRun


def latest_done(*, shop_id: int, source: str, kind: FileKind) -> ImportRun | None:
    """The last file of this kind that came from this source."""
    return (
        ImportRun.objects.filter(shop_id=shop_id, source=source, kind=kind, state=RunState.DONE)
        .order_by("-id")
        .first()
    )


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


def notes_of(run: ImportRun) -> QuerySet[ImportNote]:
    """The rows that were left out or remarked, in the file's order."""
    return ImportNote.objects.filter(shop_id=run.shop_id, run=run).order_by("line", "id")
