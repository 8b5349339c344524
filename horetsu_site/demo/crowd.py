"""Many people at once, of every temperament in its share."""

from collections.abc import Iterator
from random import Random

from horetsu_site.demo.life import Person
from horetsu_site.demo.temperaments import TEMPERAMENTS, person
from horetsu_site.demo.words import Namer, Speaker

#: How many of a hundred are of each temperament.
SHARES = {
    "looks_on": 32,
    "gives": 9,
    "silent": 21,
    "subscribes": 5,
    "content": 17,
    "warm": 4,
    "active": 7,
    "tells": 1,
    "let_down": 4,
}
NEWEST = 2  # days ago


def crowd(
    count: int, *, days: int, random: Random, namer: Namer, speaker: Speaker
) -> Iterator[Person]:
    """So many people who met the shop within these days, the first to come first."""
    kinds = _kinds(count, random)
    for met_ago, kind in zip(_meetings(count, days, random), kinds, strict=True):
        yield person(
            TEMPERAMENTS[kind], met_ago=met_ago, random=random, namer=namer, speaker=speaker
        )


def _kinds(count: int, random: Random) -> list[str]:
    """As many of each as its share says, in no order; the last kinds fill what is left."""
    whole = sum(SHARES.values())
    kinds = [kind for kind, share in SHARES.items() for _ in range(count * share // whole)]
    kinds += list(SHARES)[: count - len(kinds)]
    random.shuffle(kinds)
    return kinds


def _meetings(count: int, days: int, random: Random) -> list[int]:
    """When each came, in days ago: half of them in the first third of the time, for a shop
    that begins to count has customers already."""
    third = days - days // 3
    early = [random.randint(third, days) for _ in range(count // 2)]
    late = [random.randint(NEWEST, third) for _ in range(count - count // 2)]
    return sorted(early + late, reverse=True)
