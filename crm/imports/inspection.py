"""The first look at a file: what it is and how it reads, before anything is written."""

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from crm.imports.decoding import PIECE, Reading, recognise_encoding, text_of
from crm.imports.tables import Header, Row, Table

SAMPLE = 5  # rows shown to a person


@dataclass(frozen=True)
class Inspected:
    sha256: str
    reading: Reading
    delimiter: str
    header: Header
    sample: tuple[Row, ...]


def inspect(file: BinaryIO) -> Inspected:
    """What there is to know of a file at first sight; FileRefusedError when it cannot be read.

    Reads it to its end more than once, so a large one is inspected outside of a transaction.
    """
    sha256 = _sha256(file)
    reading = recognise_encoding(file)
    with text_of(file, reading) as text:
        table = Table(text)
        rows = (row for row in table.rows() if isinstance(row, Row))
        sample = tuple(islice(rows, SAMPLE))
    return Inspected(sha256, reading, table.delimiter, table.header, sample)


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
