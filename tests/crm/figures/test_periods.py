from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crm.figures.periods import Period

TOKYO = ZoneInfo("Asia/Tokyo")
MARCH = Period(date(2026, 3, 31), 30, TOKYO)


def test_thirty_days_end_with_their_last_day_in_the_shops_zone():
    assert MARCH.before_on == date(2026, 3, 1)
    assert MARCH.span.start == datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert MARCH.span.end == MARCH.end == datetime(2026, 3, 31, 15, tzinfo=UTC)


def test_a_year_of_months_ends_with_today_also_where_months_differ_in_length():
    ends = Period(date(2028, 3, 30), 90, TOKYO).month_ends

    assert len(ends) == 12
    assert ends[0] == date(2027, 4, 30)
    assert ends[-2:] == [date(2028, 2, 29), date(2028, 3, 30)]


def test_what_followed_is_known_of_answers_at_least_ninety_days_old():
    assert MARCH.followed.end == datetime(2025, 12, 31, 15, tzinfo=UTC)
    assert MARCH.followed.start == datetime(2024, 12, 31, 15, tzinfo=UTC)


def test_a_day_of_changing_clocks_is_still_a_day():
    berlin = Period(date(2026, 3, 29), 1, ZoneInfo("Europe/Berlin"))

    assert berlin.span.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert berlin.span.end == datetime(2026, 3, 29, 22, tzinfo=UTC)
