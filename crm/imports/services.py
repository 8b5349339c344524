from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction

from crm.customers.intake import OrderIn, Taken, take_in_customers, take_in_orders
from crm.customers.register import PersonIn
from crm.imports.canonical import Reader
from crm.imports.columns import settle_columns
from crm.imports.counts import Counts
from crm.imports.enums import BEFOREHAND, GOING, FileKind, Format, Remark, RunState
from crm.imports.formats import recognise
from crm.imports.inspection import Inspected
from crm.imports.models import ImportNote, ImportPiece, ImportRun
from crm.imports.staging import IsOver, Staged, Staging, never
from crm.imports.tables import Header, fingerprint
from crm.shops import audit
from crm.shops.enums import Act
from crm.shops.models import Shop

#: Opens the file of a run, asked only when it is to be staged.
Opener = Callable[[], AbstractContextManager[BinaryIO]]

SLICE = 500  # orders or customers taken in by one transaction
FILES_KEPT = timedelta(days=7)
NOTES_KEPT = timedelta(days=30)  # they hold rows of the file, so people's names


@transaction.atomic
def start_run(
    *,
    shop: Shop,
    kind: FileKind,
    file_name: str,
    inspected: Inspected,
    format: Format = Format.AUTO,
    source: str = "",
    mapping: Mapping[str, str] | None = None,
    date_format: str = "",
    are_columns_accepted: bool = False,
    is_rehearsal: bool = False,
) -> ImportRun:
    """The run that takes this file in; one that was broken off half-way is taken up again.

    `source` says whose ids these are, and is the format's name unless given. A file that
    looks like the last one from its source is read with the same mapping. FileRefusedError
    when the columns needed are not there, or are not those of the last file
    (`are_columns_accepted` says that a person looked at them). A rehearsal always begins
    at the first line; its caller rolls it back.
    """
    header = inspected.header
    found = settle_columns(
        header,
        shop_id=shop.pk,
        kind=kind,
        format=format,
        source=source,
        mapping=mapping or {},
        are_accepted=are_columns_accepted,
    )
    what = {
        "shop": shop,
        "kind": kind,
        "format": found.format,
        "source": source or found.format.value,
        "mapping": found.mapping,
        "date_format": date_format,
        "sha256": inspected.sha256,
    }
    how = {
        "header": list(header.cells),
        "header_fingerprint": fingerprint(header),
        "file_name": file_name[:200],
        "encoding": inspected.reading.encoding,
        "lost_characters": inspected.reading.lost,
    }
    if is_rehearsal:
        return ImportRun.objects.create(**what, **how)
    run, _is_new = ImportRun.objects.get_or_create(**what, state=RunState.UNDERWAY, defaults=how)
    return run


@transaction.atomic
def advance(
    run_id: int, *, shop: Shop, open_file: Opener, now: datetime, is_over: IsOver = never
) -> ImportRun:
    """Take in the next slice of the file, and its checkpoint with it. DONE when none is left.

    The first calls of a process stage the whole file before.
    """
    run = ImportRun.objects.get(shop=shop, pk=run_id)
    if run.state not in GOING:
        return run
    staging = Staging(run)
    is_staged_now = not staging.is_filled()
    if is_staged_now:
        with open_file() as file:
            if not staging.fill(file, reader_of(run, shop), is_over=is_over):
                return run
    # Only now: staging takes its time, in which a person may wish to give it up.
    run = ImportRun.objects.select_for_update().get(shop=shop, pk=run_id)
    if run.state not in GOING:
        staging.drop()
        return run
    counts = Counts.from_json(run.counts)
    if is_staged_now:
        staging.judge(reader_of(run, shop), counts)
    batch = staging.after(run.cursor, limit=SLICE)
    if batch:
        _take_in(run, batch, counts)
        run.cursor = batch[-1].line
    run.state = RunState.UNDERWAY
    if len(batch) < SLICE:
        counts.customers = staging.customers()
        staging.drop()
        run.state = RunState.DONE
    run.counts = counts.as_json()
    run.save(update_fields=["cursor", "counts", "state"])
    if run.state == RunState.DONE:
        end(run, shop=shop, now=now)
    return run


def end(run: ImportRun, *, shop: Shop, now: datetime) -> None:
    """The file is not needed any more: it is in, or given up after having begun."""
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    run.pieces.all().delete()
    counts = Counts.from_json(run.counts)
    audit.record(
        Act.FILE_IMPORTED,
        shop=shop,
        by=run.started_by,
        about=f"import:{run.pk}",
        kind=run.kind,
        created=counts.created,
        updated=counts.updated,
    )


@transaction.atomic
def tidy_up(*, shop_id: int, now: datetime) -> None:
    """Forget the files of a week ago, which then can no longer be taken in, and the rows
    noted a month ago."""
    old = ImportPiece.objects.filter(shop_id=shop_id, created_at__lt=now - FILES_KEPT)
    ImportRun.objects.filter(
        shop_id=shop_id, pk__in=old.values("run"), state__in=(*BEFOREHAND, *GOING)
    ).update(state=RunState.CANCELLED, finished_at=now)
    old.delete()
    ImportNote.objects.filter(shop_id=shop_id, created_at__lt=now - NOTES_KEPT).delete()


def reader_of(run: ImportRun, shop: Shop) -> Reader:
    """Reads the run's rows as it was settled when the run was started."""
    found = recognise(
        Header(run.header),
        kind=FileKind(run.kind),
        format=Format(run.format),
        mapping=run.mapping,
    )
    formats = tuple(run.date_format.split("|")) if run.date_format else ()
    return Reader(found.layout, shop.zone, shop.currency, formats)


def _take_in(run: ImportRun, batch: list[Staged], counts: Counts) -> None:
    told: list[Any] = [staged.told for staged in batch]
    if run.kind == FileKind.ORDERS:
        taken = take_in_orders(shop_id=run.shop_id, source=run.source, orders=told)
    else:
        taken = take_in_customers(shop_id=run.shop_id, source=run.source, people=told)
    counts.add(taken)
    _note_doubtful(run, batch, taken)


def _note_doubtful(run: ImportRun, batch: list[Staged], taken: Taken) -> None:
    lines = {_person_of(staged): staged.line for staged in batch}
    ImportNote.objects.bulk_create(
        (
            ImportNote(
                shop_id=run.shop_id,
                run=run,
                line=lines[person],
                code=Remark.SEVERAL_MATCH,
                is_left_out=False,
                value=person.email[:200],
            )
            for person in taken.to_merge
        ),
        ignore_conflicts=True,
    )


def _person_of(staged: Staged) -> PersonIn:
    return staged.told.person if isinstance(staged.told, OrderIn) else staged.told
