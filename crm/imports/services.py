from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction

from crm.customers.intake import OrderIn, Taken, take_in_customers, take_in_orders
from crm.customers.register import PersonIn
from crm.imports.canonical import Reader
from crm.imports.columns import settle_columns
from crm.imports.counts import Counts
from crm.imports.enums import FileKind, Format, Remark, RunState
from crm.imports.formats import recognise
from crm.imports.inspection import Inspected
from crm.imports.models import ImportFile, ImportNote, ImportRun
from crm.imports.staging import Staged, Staging
from crm.imports.tables import Header, fingerprint
from crm.shops.models import Shop
from crm.work import services as work

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
def queue_run(run: ImportRun, *, content: bytes) -> None:
    """Keep the file and have a worker take it in."""
    ImportFile.objects.update_or_create(shop_id=run.shop_id, run=run, defaults={"content": content})
    work.mark(f"import:{run.pk}", shop_id=run.shop_id)


@transaction.atomic
def advance(run_id: int, *, shop: Shop, file: BinaryIO, now: datetime) -> ImportRun:
    """Take in the next slice of the file, and its checkpoint with it. DONE when none is left.

    The first call of a process stages the whole file before.
    """
    run = ImportRun.objects.select_for_update().get(shop=shop, pk=run_id)
    if run.state == RunState.DONE:
        return run
    counts = Counts.from_json(run.counts)
    staging = Staging(run)
    if not staging.is_filled():
        staging.fill(file, _reader(run, shop), counts)
    batch = staging.after(run.cursor, limit=SLICE)
    if batch:
        _take_in(run, batch, counts)
        run.cursor = batch[-1].line
    if len(batch) < SLICE:
        counts.customers = staging.customers()
        staging.drop()
        run.state, run.finished_at = RunState.DONE, now
    run.counts = counts.as_json()
    run.save(update_fields=["cursor", "counts", "state", "finished_at"])
    return run


def tidy_up(*, shop_id: int, now: datetime) -> None:
    """Forget the files of a week ago, and the rows noted a month ago."""
    ImportFile.objects.filter(shop_id=shop_id, created_at__lt=now - FILES_KEPT).delete()
    ImportNote.objects.filter(shop_id=shop_id, created_at__lt=now - NOTES_KEPT).delete()


def _reader(run: ImportRun, shop: Shop) -> Reader:
    """Reads the run's rows as it was settled when the run was started."""
    found = recognise(
        Header(run.header),
        kind=FileKind(run.kind),
        format=Format(run.format),
        mapping=run.mapping,
    )
    formats = (run.date_format,) if run.date_format else ()
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
