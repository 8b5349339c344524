from datetime import UTC, datetime, timedelta

import pytest

from crm.mail.backoff import next_try_at, pause_until

NOW = datetime(2026, 5, 10, 3, 0, tzinfo=UTC)
IN_A_MONTH = NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 720), (7, 1440), (8, 1440), (100, 1440)],
)
def test_the_wait_grows_up_to_a_day(tries: int, minutes: int) -> None:
    at = next_try_at(tries=tries, now=NOW, expires_at=IN_A_MONTH, jitter=0)

    assert at == NOW + timedelta(minutes=minutes)


def test_jitter_spreads_the_tries_over_a_fifth_of_the_wait() -> None:
    at = next_try_at(tries=4, now=NOW, expires_at=IN_A_MONTH, jitter=0.5)

    assert at == NOW + timedelta(minutes=66)


@pytest.mark.parametrize("minutes_left", [-5, 0, 59, 60])
def test_a_mail_is_not_tried_at_or_past_its_end(minutes_left: int) -> None:
    end = NOW + timedelta(minutes=minutes_left)

    assert next_try_at(tries=4, now=NOW, expires_at=end, jitter=0) is None


def test_a_mail_is_tried_just_before_its_end() -> None:
    end = NOW + timedelta(minutes=60, seconds=1)

    assert next_try_at(tries=4, now=NOW, expires_at=end, jitter=0) == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("refusals", "minutes"), [(1, 15), (2, 60), (3, 60), (50, 60)])
def test_a_server_that_refuses_us_is_left_alone_for_longer(refusals: int, minutes: int) -> None:
    assert pause_until(refusals=refusals, now=NOW) == NOW + timedelta(minutes=minutes)
