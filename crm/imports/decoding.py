"""Bytes to text: detected or refused with words, never guessed silently.

Decoding comes before CSV parsing, for half of the kanji hold a byte that looks like a
comma, a quote or a backslash. The order: a byte order mark, UTF-8, CP932 (what Windows
and Japanese carts mean by "Shift_JIS"; Python's `shift_jis` fails at ㈱ ① 髙 﨑), then
whichever of the two loses fewer characters, said aloud.

A file is read in pieces and never stands in memory whole.
"""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from crm.imports.enums import Refusal
from crm.imports.errors import FileRefusedError

PIECE = 1 << 20
LOST = "\N{REPLACEMENT CHARACTER}"

_MARKS = {  # the longer first: UTF-32's begins with UTF-16's
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_FILES = {
    b"PK\x03\x04": Refusal.WORKBOOK,  # .xlsx
    b"\xd0\xcf\x11\xe0": Refusal.WORKBOOK,  # .xls
    b"\x1f\x8b": Refusal.COMPRESSED,
    b"BZh": Refusal.COMPRESSED,
    b"\xfd7zXZ": Refusal.COMPRESSED,
    b"7z\xbc\xaf": Refusal.COMPRESSED,
    b"%PDF": Refusal.PDF,
}
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\b|<!doctype\b|<html\b|<head\b)", re.IGNORECASE
)
# Kana, 、。 and every common kanji begin with one of these bytes in CP932. Latin-1, EUC-JP
# and the like never use them, though CP932 reads most of their files without complaint.
_JAPANESE_BYTES = bytes(range(0x81, 0xA0))


@dataclass(frozen=True)
class Reading:
    """How a file is read: Python's name of the encoding, and how many characters are lost."""

    encoding: str
    lost: int = 0

    @property
    def name(self) -> str:
        return {"utf-8-sig": "UTF-8", "cp932": "CP932 (Shift_JIS)"}.get(
            self.encoding, self.encoding.upper()
        )


def recognise_encoding(file: BinaryIO) -> Reading:
    """How this file is to be read; FileRefusedError when that is not certain.

    Reads the file once or twice to its end and leaves it at its start.
    """
    head = file.read(4096)
    _refuse_other_files(head)
    file.seek(0)
    reading = _marked(file, head) if _mark_of(head) else _unmarked(file)
    file.seek(0)
    return reading


@contextmanager
def text_of(file: BinaryIO, reading: Reading) -> Iterator[TextIO]:
    """The file as text from its start, line ends untouched (csv reads them itself)."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=reading.encoding, errors="replace", newline="")
    try:
        yield text
    finally:
        text.detach()  # the file stays open: it is the caller's


def _refuse_other_files(head: bytes) -> None:
    if not head:
        raise FileRefusedError(Refusal.EMPTY)
    for magic, refusal in _OTHER_FILES.items():
        if head.startswith(magic):
            raise FileRefusedError(refusal)
    if _WEB_PAGE.match(head):
        raise FileRefusedError(Refusal.WEB_PAGE)
    if b"\x1b$" in head:  # ISO-2022-JP, which is plain ASCII to every other test
        raise FileRefusedError(Refusal.ENCODING_UNCLEAR)
    # A NUL here and there spoils its own row only; many mean UTF-16 without its mark, or no text.
    if not _mark_of(head) and head.count(0) * 10 > len(head):
        raise FileRefusedError(Refusal.NOT_TEXT)


def _mark_of(head: bytes) -> str:
    return next((name for mark, name in _MARKS.items() if head.startswith(mark)), "")


def _marked(file: BinaryIO, head: bytes) -> Reading:
    encoding = _mark_of(head)
    _, lost = _count(file, encoding)
    if lost and encoding != "utf-8-sig":
        # A byte too few shifts every following character, so nothing can be trusted.
        raise FileRefusedError(Refusal.ENCODING_UNCLEAR)
    return Reading(encoding, lost)


def _unmarked(file: BinaryIO) -> Reading:
    try:
        for _ in _pieces(file, "utf-8", errors="strict"):
            pass
        return Reading("utf-8")
    except UnicodeDecodeError:
        pass  # the common case in Japan: CP932, looked into below
    candidates = []
    for encoding in ("cp932", "utf-8"):
        file.seek(0)
        read, lost = _count(file, encoding)
        if read > lost:
            candidates.append(Reading(encoding, lost))
    if not candidates:
        raise FileRefusedError(Refusal.ENCODING_UNCLEAR)
    return min(candidates, key=lambda reading: reading.lost)


def _count(file: BinaryIO, encoding: str) -> tuple[int, int]:
    """Signs that this encoding is the right one, and characters it could not read."""
    signs = lost = 0
    for raw, text in _pieces(file, encoding, errors="replace"):
        lost += text.count(LOST)
        if encoding == "cp932":
            signs += len(raw) - len(raw.translate(None, delete=_JAPANESE_BYTES))
        else:
            signs += len(text) - len(text.encode("ascii", "ignore")) - text.count(LOST)
    return signs, lost


def _pieces(file: BinaryIO, encoding: str, *, errors: str) -> Iterator[tuple[bytes, str]]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    while raw := file.read(PIECE):
        yield raw, decoder.decode(raw)
    yield b"", decoder.decode(b"", final=True)
