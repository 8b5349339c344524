"""A survey asks at its own hours, in the shop's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from surveys.hours import Hours

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-05-10 12:00", "2026-05-10 12:00"),
        ("2026-05-10 09:00", "2026-05-10 09:00"),
        ("2026-05-10 08:59", "2026-05-10 09:00"),
        ("2026-05-10 00:00", "2026-05-10 09:00"),
        ("2026-05-10 19:59", "2026-05-10 19:59"),
        ("2026-05-10 20:00", "2026-05-11 09:00"),
        ("2026-05-31 23:59", "2026-06-01 09:00"),
    ],
)
def test_the_next_moment_is_now_or_when_the_hours_begin(now, then):
    assert Hours(9, 20).next_moment(at(now), TOKYO) == at(then)


def test_the_hours_are_those_of_the_shops_zone():
    utc = datetime.fromisoformat("2026-05-10T23:30:00+00:00")  # 8:30 in Tokyo

    assert Hours(9, 20).next_moment(utc, TOKYO) == at("2026-05-11 09:00")
