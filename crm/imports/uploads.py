"""A file from the browser, on its way through the hands of a person.

    uploaded → examining → ready → queued → underway → done
                   └→ failed            └──────┴→ cancelled (so may all before)

Whatever takes time is work: looking through the file, and taking it in. A person says which
column is which where that is not known (uploaded), and says go (ready).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from crm.imports.counts import Counts
from crm.imports.enums import BEFOREHAND, GOING, FileKind, Format, Refusal, RunState
from crm.imports.errors import FileRefusedError
from crm.imports.forecast import forecast
from crm.imports.formats import recognise
from crm.imports.guessing import Settled, first_reading, guess_kind
from crm.imports.inspection import inspect
from crm.imports.models import ImportNote, ImportPiece, ImportRun
from crm.imports.pieces import store
from crm.imports.selectors import latest_with_columns, twin_underway
from crm.imports.services import Opener, end, reader_of
from crm.imports.staging import IsOver, Staging, never
from crm.imports.tables import Header, fingerprint
from crm.shops.models import Shop, User
from crm.work import services as work

MOST_BYTES = 20 * 1024**2
MOST_ROWS = 100_000
MOST_WAITING = 10  # files of one shop that are kept at a time


class AlreadyUnderwayError(Exception):
    """The very same file is being taken in as `run`."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run.pk)
        self.run = run


@transaction.atomic
def upload(
    *, shop: Shop, by: User, file: BinaryIO, file_name: str, kind: FileKind | None = None
) -> ImportRun:
    """Keep a file for a person to look at; FileRefusedError for what cannot be read at all.

    Where its columns are known it is looked through at once; a file with the columns of an
    earlier one is read as that was. `kind` is what the person believes it to be, and gives
    way to what its columns say.
    """
    if file.seek(0, 2) > MOST_BYTES:
        raise FileRefusedError(Refusal.TOO_LARGE)
    file.seek(0)
    if ImportPiece.objects.filter(shop=shop, position=0).count() >= MOST_WAITING:
        raise FileRefusedError(Refusal.TOO_MANY_WAITING)
    inspected = inspect(file)
    header = inspected.header
    before = latest_with_columns(shop_id=shop.pk, columns=fingerprint(header), kind=kind)
    settled = first_reading(header, kind=kind, before=Settled.of(before) if before else None)
    run = ImportRun.objects.create(
        shop=shop,
        kind=settled.kind if settled else kind or guess_kind(header),
        format=settled.format if settled else Format.GENERIC,
        source=settled.source if settled else Format.GENERIC.value,
        mapping=dict(settled.mapping) if settled else {},
        date_format=settled.date_format if settled else "",
        header=list(header.cells),
        header_fingerprint=fingerprint(header),
        file_name=file_name[:200],
        sha256=inspected.sha256,
        encoding=inspected.reading.encoding,
        lost_characters=inspected.reading.lost,
        state=RunState.EXAMINING if settled else RunState.UPLOADED,
        started_by=by,
    )
    store(run, file)
    if settled:
        work.mark(f"import:{run.pk}", shop_id=shop.pk)
    return run


@transaction.atomic
def settle(
    run_id: int,
    *,
    shop: Shop,
    kind: FileKind,
    format: Format,
    mapping: Mapping[str, str] | None = None,
    source: str = "",
    date_format: str = "",
) -> ImportRun:
    """Read the columns as a person says, and look the file through. Nothing of it is in yet;
    what is already on its way in stays as it was settled. FileRefusedError when it cannot be
    read so."""
    run = ImportRun.objects.select_for_update().get(shop=shop, pk=run_id)
    if run.state not in BEFOREHAND:
        return run
    found = recognise(Header(run.header), kind=kind, format=format, mapping=mapping)
    run.kind, run.format = kind, found.format
    run.source = source or found.format.value
    run.mapping, run.date_format = dict(found.mapping), date_format
    run.state, run.forecast, run.counts = RunState.EXAMINING, {}, {}
    run.save()
    work.mark(f"import:{run.pk}", shop_id=shop.pk)
    return run


@transaction.atomic
def examine(run_id: int, *, shop: Shop, open_file: Opener, is_over: IsOver = never) -> ImportRun:
    """Look the whole file through: what is left out and why, what would change. READY then,
    or FAILED with the reason; still EXAMINING when the time was over first, and the next call
    goes on. Nothing of it is written but its notes."""
    run = ImportRun.objects.get(shop=shop, pk=run_id)
    if run.state != RunState.EXAMINING:
        return run
    staging, reader = Staging(run), reader_of(run, shop)
    refused = None
    try:
        with transaction.atomic(), open_file() as file:
            if not staging.fill(file, reader, most_rows=MOST_ROWS, is_over=is_over):
                return run
    except FileRefusedError as error:
        refused = error
    # Only now: in the meantime a person may have given it up, or named the columns anew.
    settled = Settled.of(run)
    run = ImportRun.objects.select_for_update().get(shop=shop, pk=run_id)
    if run.state == RunState.EXAMINING and Settled.of(run) == settled:
        if refused:
            _fail(run, refused)
        else:
            _say_what_is_in(run, staging)
    staging.drop()
    return run


@transaction.atomic
def begin(run_id: int, *, shop: Shop) -> ImportRun:
    """Have the file taken in. Said again, it goes on where it stopped.

    AlreadyUnderwayError when somebody is taking in the very same file at this moment.
    """
    run = ImportRun.objects.get(shop=shop, pk=run_id)
    # All of the same content, in one order, so that of two who say go at once one is told.
    alike = ImportRun.objects.select_for_update().filter(shop=shop, sha256=run.sha256)
    run = next(each for each in alike.order_by("pk") if each.pk == run_id)
    if run.state == RunState.READY:
        if twin := twin_underway(run):
            raise AlreadyUnderwayError(twin)
        run.state = RunState.QUEUED
        run.save(update_fields=["state"])
    if run.state in (RunState.EXAMINING, *GOING):
        work.mark(f"import:{run.pk}", shop_id=shop.pk)
    return run


@transaction.atomic
def give_up(run_id: int, *, shop: Shop, now: datetime) -> ImportRun:
    """Take in no more of the file, and forget it. What is in stays in."""
    run = ImportRun.objects.select_for_update().get(shop=shop, pk=run_id)
    if run.state not in (*BEFOREHAND, *GOING):
        return run
    has_begun = run.state == RunState.UNDERWAY
    run.state, run.finished_at = RunState.CANCELLED, now
    run.save(update_fields=["state", "finished_at"])
    work.drop(f"import:{run.pk}", shop_id=shop.pk)
    if has_begun:
        end(run, shop=shop, now=now)
    else:
        run.counts, run.forecast = {}, {}
        run.save(update_fields=["counts", "forecast"])
        run.pieces.all().delete()
        run.notes.all().delete()
    return run


def _fail(run: ImportRun, refused: FileRefusedError) -> None:
    run.state, run.refusal, run.refusal_detail = (
        RunState.FAILED,
        refused.refusal.value,
        refused.detail,
    )
    run.save(update_fields=["state", "refusal", "refusal_detail"])
    run.pieces.all().delete()


def _say_what_is_in(run: ImportRun, staging: Staging) -> None:
    counts = Counts()
    ImportNote.objects.filter(shop_id=run.shop_id, run=run).delete()
    staging.judge(reader_of(run, run.shop), counts)
    run.counts = counts.as_json()
    run.forecast = forecast(run, staging).as_json()
    run.state = RunState.READY
    run.save(update_fields=["counts", "forecast", "state"])
