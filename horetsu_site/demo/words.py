"""The sentences, names and goods of the made-up shops."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
IN_SEASON = "旬"


@cache
def read(name: str) -> dict[str, Any]:
    """One of the files beside this one."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def pairs(kind: str) -> list[tuple[str, str]]:
    """Names of this kind ("family", "given"), each with its reading."""
    words = read("names")[kind].split()
    return list(zip(words[::2], words[1::2], strict=True))


def sold_on(good: str, day: date) -> str:
    """The good itself, or where it names the season, what is in season that day."""
    if good != IN_SEASON:
        return good
    seasonal = [key for key, it in read("goods").items() if day.month in it.get("months", ())]
    return seasonal[0] if seasonal else "さと"


class Speaker:
    """Deals sentences of a bank in random order, each once before any comes again."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._left: dict[str, list[str]] = {}

    def say(self, bank: str) -> str:
        left = self._left.setdefault(bank, [])
        if not left:
            left += read("words")[bank]
            self._random.shuffle(left)
        return left.pop()


class Namer:
    """Names, of which none comes twice as long as `taken` is given."""

    def __init__(self, random: Random, taken: set[str] | None = None) -> None:
        self._random = random
        self._taken = taken

    def name(self) -> tuple[str, str]:
        """A name and its reading."""
        while True:
            family, given = (self._random.choice(pairs(kind)) for kind in ("family", "given"))
            name = f"{family[0]} {given[0]}"
            if self._taken is None:
                break
            if name not in self._taken:
                self._taken.add(name)
                break
        return name, f"{family[1]} {given[1]}"
