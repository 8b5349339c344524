"""At what time of day a shop asks. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hours:
    """From the full hour `opens` to before the full hour `closes`, in the shop's zone."""

    opens: int
    closes: int

    def next_moment(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself where it lies within the hours, else when they next begin."""
        local = at.astimezone(zone)
        if self.opens <= local.hour < self.closes:
            return at
        day = local.date() + timedelta(days=1 if local.hour >= self.closes else 0)
        return datetime.combine(day, time(self.opens), tzinfo=zone)
