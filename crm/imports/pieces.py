"""An uploaded file in the database, of which one piece at a time is in memory."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from crm.imports.models import ImportPiece, ImportRun

PIECE = 1 << 20


def store(run: ImportRun, file: BinaryIO) -> None:
    """Keep the file with its run."""
    file.seek(0)
    for position, content in enumerate(iter(lambda: file.read(PIECE), b"")):
        ImportPiece.objects.create(shop_id=run.shop_id, run=run, position=position, content=content)


@contextmanager
def fetched(run: ImportRun) -> Iterator[BinaryIO]:
    """The stored file on this machine's disk, for as long as the block lasts.

    Fetched whole beforehand: while its rows are copied into a table, the connection has
    no ear for anything else.
    """
    with tempfile.TemporaryFile() as file:
        pieces = ImportPiece.objects.filter(shop_id=run.shop_id, run=run).order_by("position")
        for position in list(pieces.values_list("position", flat=True)):
            file.write(pieces.values_list("content", flat=True).get(position=position))
        file.seek(0)
        yield file


def beginning(run: ImportRun) -> BinaryIO:
    """The first megabyte of the stored file; nothing when it is kept no more."""
    pieces = ImportPiece.objects.filter(shop_id=run.shop_id, run=run, position=0)
    return io.BytesIO(pieces.values_list("content", flat=True).first() or b"")
