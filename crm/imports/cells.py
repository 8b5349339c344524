"""One cell to one value: exactly, or CellRefusedError with the reason."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.imports.currencies import CURRENCIES
from crm.imports.enums import Reason
from crm.imports.errors import CellRefusedError

MOST_MONEY = 10**15  # hundredths: ten trillion yen, and sums stay far inside a bigint

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH |= {0x3000: 0x20, 0xFFE5: 0xA5, 0x2212: 0x2D}  # space, ￥, the minus of mathematics
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# A yen sign is a backslash in CP932.
_SYMBOLS = {"¥": ("JPY", "CNY"), "\\": ("JPY",), "円": ("JPY",), "元": ("CNY",)}
_SYMBOLS |= {"$": ("USD", "CAD", "AUD", "HKD", "SGD", "TWD"), "€": ("EUR",), "£": ("GBP",)}
_MONEY = re.compile(r"([-▲△]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?)(?:\.([0-9]*))?")
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)

_DAY = r"(\d{4})(?:-(\d\d?)-|/(\d\d?)/|\.(\d\d?)\.|年(\d\d?)月|(\d\d)(?=\d\d(?!\d)))(\d\d?)日?"
_TIME = r"(\d\d?)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?|時(\d\d?)分(?:(\d\d?)秒)?)"
_OFFSET = r"(?:(Z|UTC)|([+-])(\d\d):?(\d\d))"
_YEAR_FIRST = re.compile(rf"{_DAY}(?:[T ]{_TIME}(?: ?{_OFFSET})?)?", re.ASCII)
_EITHER_WAY = re.compile(
    r"\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?(?: .*)?|\d{1,6}(?:\.\d+)?", re.ASCII
)
#: Rows of one order say the same, and so do orders of one customer.
_remembering = lru_cache(maxsize=4096)
_NO_DAY = "0000-00-00"  # how MySQL writes that there is none


def unguarded(text: str) -> str:
    """The cell without the `="…"` and the `'` that keep a spreadsheet from changing it."""
    text = text.strip()
    if text[:1] == "=" and text[1:2] == text[-1:] == '"' and len(text) > 2:
        text = text[2:-1]
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r"):
        text = text[1:]
    return text


@_remembering
def words(text: str, *, most: int) -> str:
    """Text for people, such as a name: one line, composed, without control characters."""
    text = unicodedata.normalize("NFC", " ".join(unguarded(text).split()))
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    if len(text) > most:
        raise CellRefusedError(Reason.TEXT_TOO_LONG)
    return text


def half_width(text: str) -> str:
    """１２３，４５６ as 123,456. Only the twins of ASCII change: ① is not 1."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


@_remembering
def identifier(text: str, *, most: int = 100) -> str:
    """Another system's id, as text: leading zeros stay."""
    text = words(half_width(unguarded(text)), most=most).removeprefix("'")
    if _ROUNDED.fullmatch(text):
        raise CellRefusedError(Reason.ID_DAMAGED)
    return text


@_remembering
def money(text: str, *, currency: str) -> int:
    """Hundredths of the currency, exactly; a third decimal is rounded half away from zero.

    1,000 is a thousand and 1.000 is one; 1,00 is refused, for it may be either.
    """
    text = half_width(unguarded(text)).removeprefix("'").replace(" ", "")
    for symbol, currencies in _SYMBOLS.items():
        if symbol in text:
            if currency not in currencies:
                raise CellRefusedError(Reason.CURRENCY_DIFFERS)
            text = text.replace(symbol, "", 1)
    found = _MONEY.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        raise CellRefusedError(Reason.MONEY_UNREADABLE)
    sign, whole, decimals = found[1], found[2].replace(",", ""), found[3] or ""
    if len(whole.lstrip("0")) > 15:
        raise CellRefusedError(Reason.MONEY_TOO_LARGE)
    hundredths = int(whole or 0) * 100 + int(decimals[:2].ljust(2, "0"))
    hundredths += decimals[2:3] >= "5"
    if hundredths > MOST_MONEY:
        raise CellRefusedError(Reason.MONEY_TOO_LARGE)
    return -hundredths if sign else hundredths


def amount(text: str, *, currency: str) -> int:
    """As `money`, for what cannot be below zero: totals and refunds."""
    hundredths = money(text, currency=currency)
    if hundredths < 0:
        raise CellRefusedError(Reason.MONEY_NEGATIVE)
    return hundredths


def currency_code(text: str) -> str:
    """The ISO 4217 code, in capitals."""
    text = half_width(unguarded(text)).upper()
    text = "JPY" if text in ("円", "¥", "\\") else text
    if text not in CURRENCIES:
        raise CellRefusedError(Reason.CURRENCY_UNKNOWN)
    return text


def whole_number(text: str, *, least: int = 0, most: int = 1_000_000) -> int:
    """A count such as 2, 1,000 or 2.00; a fraction is refused, not rounded."""
    text = half_width(unguarded(text)).removeprefix("'").replace(",", "")
    number, _, decimals = text.partition(".")
    if not number.isascii() or not number.isdigit() or decimals.strip("0") or len(number) > 9:
        raise CellRefusedError(Reason.NUMBER_UNREADABLE)
    if not least <= int(number) <= most:
        raise CellRefusedError(Reason.NUMBER_UNREADABLE)
    return int(number)


@_remembering
def moment(text: str, *, zone: ZoneInfo, formats: tuple[str, ...] = ()) -> datetime:
    """An instant in UTC, from a date with or without a time.

    Without declared `formats` (of strptime) the year comes first, which can be read in
    one way only; 01/02/2024 is refused, and so is a spreadsheet's bare day number.
    A time without an offset is the shop's, a date alone is local midnight. Of an hour
    that a clock change repeats, it is the first.
    """
    text = " ".join(half_width(unguarded(text)).removeprefix("'").split())
    read = _declared(text, zone, formats) if formats else _year_first(text, zone)
    if not 1900 <= read.year < 2200:
        raise CellRefusedError(Reason.DATE_OUT_OF_RANGE)
    return read.astimezone(UTC)


def optional_moment(text: str, *, zone: ZoneInfo, formats: tuple[str, ...] = ()) -> datetime | None:
    """As `moment`, where 0000-00-00 means that there is none."""
    return None if text.startswith(_NO_DAY) else moment(text, zone=zone, formats=formats)


def _declared(text: str, zone: ZoneInfo, formats: tuple[str, ...]) -> datetime:
    for each in formats:
        try:
            read = datetime.strptime(text, each)  # noqa: DTZ007  (the zone follows)
        except ValueError:
            continue  # the next format may fit; when none does, the cell is refused
        return read if read.tzinfo else read.replace(tzinfo=zone)
    raise CellRefusedError(Reason.DATE_UNREADABLE)


def _year_first(text: str, zone: ZoneInfo) -> datetime:
    found = _YEAR_FIRST.fullmatch(text)
    if found is None:
        is_unclear = _EITHER_WAY.fullmatch(text) is not None
        raise CellRefusedError(Reason.DATE_AMBIGUOUS if is_unclear else Reason.DATE_UNREADABLE)
    year, *months, day = found.groups()[:7]
    hour, minute, second, fraction, minute_in_kanji, second_in_kanji = found.groups()[7:13]
    try:
        return datetime(
            int(year),
            int(next(month for month in months if month)),
            int(day),
            int(hour or 0),
            int(minute or minute_in_kanji or 0),
            int(second or second_in_kanji or 0),
            int((fraction or "").ljust(6, "0")[:6]),
            tzinfo=_offset(*found.groups()[13:]) or zone,
        )
    except ValueError as error:  # 30 February, 25 o'clock, an offset of 24 hours
        raise CellRefusedError(Reason.DATE_UNREADABLE) from error


def _offset(utc: str | None, sign: str | None, hours: str, minutes: str) -> timezone | None:
    if utc:
        return UTC
    if not sign:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)
