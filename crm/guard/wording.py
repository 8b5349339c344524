"""Find forbidden measures in the words of a letter, and say which words they are."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from crm.guard.enums import Measure
from crm.guard.measures import FORBIDDEN, SELLING, Forbidden
from crm.stages.enums import Stage

_NUMBER = r"[\d.,〇一二三四五六七八九十百千万]+"
# A letter with the marks that belong to it, half-width ones included: ｸﾞ is one letter.
_LETTER = re.compile(r"(?s).[\u3099\u309a\uff9e\uff9f]*")
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_SAME = _KATAKANA | {ord("様"): "さま", ord("’"): "'", ord("‐"): "-", ord("–"): "-"}


@dataclass(frozen=True)
class Found:
    """A forbidden measure, and the words of the letter that betray it, as they stand there."""

    measure: Measure
    words: str


def forbidden_in(text: str, stage: Stage) -> tuple[Found, ...]:
    """What in this text does not suit this stage; each finding once."""
    return _find(text, (each for each in FORBIDDEN if stage in each.stages))


def offers_in(text: str) -> tuple[Found, ...]:
    """What in this text offers something for sale, at whichever stage."""
    return _find(text, (each for each in FORBIDDEN if each.measure in SELLING))


def _find(text: str, among: Iterable[Forbidden]) -> tuple[Found, ...]:
    folded, places = _fold(text)
    found = []
    for forbidden in among:
        for match in _pattern(forbidden).finditer(folded):
            first, last = places[match.start()], places[match.end() - 1]
            words = " ".join(text[first[0] : last[1]].split())
            found.append(Found(forbidden.measure, words))
    return tuple(dict.fromkeys(found))


def _fold(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as it is compared, and for each of its characters the place it came from."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for letter in _LETTER.finditer(text):
        for character in _plain(letter[0]):
            folded.append(character)
            places.append(letter.span())
    return "".join(folded), places


def _plain(text: str) -> str:
    """Width, case, katakana and unseen characters make no difference to what is said."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    return "".join(each for each in plain if unicodedata.category(each) != "Cf")


@cache
def _pattern(forbidden: Forbidden) -> re.Pattern[str]:
    japanese = (r"\s*".join(map(_character, _plain(phrase))) for phrase in forbidden.ja)
    english = (
        rf"(?<!\w){''.join(map(_english_character, _plain(phrase)))}(?!\w)"
        for phrase in forbidden.en
    )
    return re.compile("|".join((*japanese, *english)))


def _character(character: str) -> str:
    return _NUMBER if character == "#" else re.escape(character)


def _english_character(character: str) -> str:
    return r"\s+" if character == " " else _character(character)
