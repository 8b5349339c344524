"""Text to rows, strictly: every row has its line, and a bad one costs itself alone."""

import csv
import hashlib
import re
import unicodedata
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO

from crm.imports.enums import Reason, Refusal
from crm.imports.errors import FileRefusedError

MOST_COLUMNS = 1_000
LONGEST_RECORD = 1_000_000  # characters of one row; csv itself stops a cell at 131,072
MOST_LINES = 300  # of one row; bounds what is read again after a broken quote
DELIMITERS = ",\t;"

_QUOTED = re.compile(r'"(?:[^"]|"")*(?:"|$)', re.DOTALL)
_DECLARED = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_DOS_END = "\x1a"  # some Windows tools still end a file with Ctrl-Z


class Row(NamedTuple):
    """One row of the table, as wide as its header."""

    line: int
    cells: Sequence[str]
    raw: str


class BadRow(NamedTuple):
    """What should have been a row, and why it cannot be read as one."""

    line: int
    raw: str
    reason: Reason


class Header:
    """The names of the columns, found whatever their brackets, widths and spaces."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
        self.names = tuple(normalised(cell) for cell in self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def __contains__(self, name: str) -> bool:
        return normalised(name) in self.names

    def count(self, name: str) -> int:
        return self.names.count(normalised(name))

    def position(self, name: str, nth: int = 1) -> int | None:
        """Where the column stands, the nth of that name from the left; None where it is not."""
        name = normalised(name)
        places = [at for at, one in enumerate(self.names) if one == name]
        return places[nth - 1] if len(places) >= nth else None


def normalised(name: str) -> str:
    """A column's name as it is compared: （ＩＤ）, (ID) and ( id ) are the same."""
    name = unicodedata.normalize("NFKC", name).replace("\ufeff", "").strip("\"' \t\r\n")
    return "".join(name.split()).casefold()


def fingerprint(header: Header) -> str:
    """Says whether a later file has the same columns.

    Their order does not matter, since they are found by name; a column more, fewer or
    renamed does.
    """
    named = sorted(Counter(name for name in header.names if name).items())
    return hashlib.sha256(repr(named).encode()).hexdigest()


class Table:
    """The header at once, then the rows, read as they are asked for."""

    def __init__(self, text: TextIO) -> None:
        self._lines = _Lines(text)
        try:
            self.delimiter = self._recognise_delimiter()
            self._reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
            self.header = self._read_header()
        except (StopIteration, csv.Error, _RecordTooLongError) as error:
            raise FileRefusedError(Refusal.HEADER_UNREADABLE) from error

    def rows(self) -> Iterator[Row | BadRow]:
        """Each row or bad row, in the file's order; blank ones are passed over."""
        while True:
            try:
                cells = self._next_record()
            except StopIteration:
                return
            except (csv.Error, _RecordTooLongError) as error:
                # What an open quote swallowed is given back, and read as rows of its own.
                line, raw = self._lines.return_all_but_first()
                yield BadRow(line, raw, _reason_of(error))
                continue
            line, raw = self._lines.record()
            if not any(cells) or cells == [_DOS_END]:
                continue
            yield self._judged(line, cells, raw)

    def _judged(self, line: int, cells: list[str], raw: str) -> Row | BadRow:
        if "\0" in raw:
            return BadRow(line, raw, Reason.NUL)
        width = len(self.header)
        if len(cells) < width:
            return BadRow(line, raw, Reason.ROW_TOO_SHORT)
        if len(cells) > width:
            if any(cells[width:]):
                return BadRow(line, raw, Reason.ROW_TOO_LONG)
            cells = cells[:width]
        if (
            cells[0].lstrip("\ufeff") == self.header.cells[0]
            and Header(cells).cells == self.header.cells
        ):
            return BadRow(line, raw, Reason.HEADER_AGAIN)
        return Row(line, cells, raw)

    def _next_record(self) -> list[str]:
        self._lines.begin_record()
        return next(self._reader)

    def _recognise_delimiter(self) -> str:
        first = self._lines.peek()
        declared = _DECLARED.fullmatch(first.strip().lstrip("\ufeff"))
        if declared:
            self._lines.skip()
            found = [mark for mark in DELIMITERS if mark == declared[1]]
        else:
            outside_quotes = _QUOTED.sub("", first)
            found = [mark for mark in (*DELIMITERS, "|") if mark in outside_quotes] or [","]
        if len(found) != 1 or found[0] not in DELIMITERS:
            raise FileRefusedError(Refusal.DELIMITER_UNCLEAR)
        return found[0]

    def _read_header(self) -> Header:
        cells = self._next_record()
        while cells and not cells[-1].strip():
            cells.pop()  # a comma too many at the end of the header names nothing
        if not 0 < len(cells) <= MOST_COLUMNS or "\0" in "".join(cells):
            raise FileRefusedError(Refusal.HEADER_UNREADABLE)
        return Header(cells)


class _RecordTooLongError(Exception):
    """A row that runs on beyond anything that is meant."""


class _Lines(Iterator[str]):
    """The lines of a text for csv.reader, which may be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._returned: deque[str] = deque()
        self._before = 0  # lines before the present record
        self._taken: list[str] = []  # lines of the present record
        self._length = 0

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read()
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._length += len(line)
        if self._length > LONGEST_RECORD or len(self._taken) > MOST_LINES:
            raise _RecordTooLongError
        return line

    def begin_record(self) -> None:
        self._before += len(self._taken)
        self._taken = []
        self._length = 0

    def record(self) -> tuple[int, str]:
        """The present record's first line number, and its text as it stands in the file."""
        return self._before + 1, "".join(self._taken)

    def return_all_but_first(self) -> tuple[int, str]:
        first, *others = self._taken
        self._returned.extendleft(reversed(others))
        self._taken = [first]
        return self._before + 1, first

    def peek(self) -> str:
        """The first line that is not blank; FileRefusedError when there is none."""
        for line in self:
            if line.strip("\ufeff \t\r\n"):
                self._returned.appendleft(self._taken.pop())
                self.begin_record()
                return line
        raise FileRefusedError(Refusal.EMPTY)

    def skip(self) -> None:
        self.begin_record()
        next(self)

    def _read(self) -> str:
        line = self._text.readline(LONGEST_RECORD + 1)
        if len(line) > LONGEST_RECORD:
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._text.readline(LONGEST_RECORD)
        return line


def _reason_of(error: Exception) -> Reason:
    if isinstance(error, _RecordTooLongError) or "field limit" in str(error):
        return Reason.CELL_TOO_LONG
    return Reason.QUOTES_BROKEN
