"""The time zones a shop may be in."""

from functools import cache
from zoneinfo import available_timezones

# The names of the IANA database that say where, such as "Asia/Tokyo". What else lies in a
# machine's folder of zones is an alias that may go (Japan, GB, US/Pacific), counts backwards
# (Etc/GMT+9), or is whatever that machine is set to (localtime).
_REGIONS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)


def is_zone(name: str) -> bool:
    """Whether a shop may name this as its time zone."""
    return name in _known()


def zones() -> list[str]:
    """All of them, in alphabetical order."""
    return sorted(_known())


@cache
def _known() -> frozenset[str]:
    # Kept, because to list them every file of the machine's folder of zones is opened.
    return frozenset(
        name
        for name in available_timezones()
        if name == "UTC" or name.partition("/")[0] in _REGIONS
    )
