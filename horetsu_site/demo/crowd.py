"""Many people at once, of every temperament in its share."""

from collections.abc import Iterator
from random import Random

from horetsu_site.demo.life import Person
from horetsu_site.demo.temperaments import TEMPERAMENTS, Temperament, person
from horetsu_site.demo.words import Namer, Speaker

#: How many of a hundred are of each temperament.
SHARES = {
    "looks_on": 15,
    "came_once": 2,
    "gives": 3,
    "silent": 36,
    "subscribes": 2,
    "content": 19,
    "warm": 7,
    "active": 11,
    "tells": 3,
    "let_down": 2,
}
NEWEST = 2  # days ago


def crowd(
    count: int, *, days: int, random: Random, namer: Namer, speaker: Speaker
) -> Iterator[Person]:
    """So many people who met the shop within these days, the first to come first."""
    kinds = _kinds(count, random)
    met = [(_meeting(TEMPERAMENTS[kind], days, random), kind) for kind in kinds]
    for met_ago, kind in sorted(met, reverse=True):
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


def _meeting(temperament: Temperament, days: int, random: Random) -> int:
    """When somebody came, in days ago: half of them in the first third of the time, for a shop
    that begins to count has customers already."""
    if temperament.within:
        return random.randint(NEWEST, min(temperament.within, days))
    third = days - days // 3
    return random.randint(third, days) if random.random() < 0.5 else random.randint(NEWEST, third)
