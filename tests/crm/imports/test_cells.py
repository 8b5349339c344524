from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports import cells
from crm.imports.enums import Reason
from crm.imports.errors import CellRefusedError

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")


def reason_of(read, *args, **kwargs) -> Reason:
    with pytest.raises(CellRefusedError) as refused:
        read(*args, **kwargs)
    return refused.value.reason


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("29.33", 29_33),
        ("0", 0),
        ("0.00", 0),
        ("1000.00", 1_000_00),
        ("1,000", 1_000_00),
        ("1,234,567.8", 1_234_567_80),
        ("¥1,000", 1_000_00),
        ("￥１，０００", 1_000_00),
        ("\\1,000", 1_000_00),  # a yen sign in CP932
        ("1,000円", 1_000_00),
        ("１２３．４５", 123_45),
        ('="1000"', 1_000_00),
        ("'1000", 1_000_00),
        (" 1000 ", 1_000_00),
        (".50", 50),
        ("5.", 5_00),
        ("-500", -500_00),
        ("▲500", -500_00),
        ("−500", -500_00),
        ("0.005", 1),  # half away from zero
        ("-0.005", -1),
        ("0.0049999", 0),
        ("1.004", 1_00),
        ("10000000000000", 10**15),
    ],
)
def test_money_is_read_exactly_in_hundredths(text, hundredths):
    assert cells.money(text, currency="JPY") == hundredths


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.MONEY_UNREADABLE),
        ("-", Reason.MONEY_UNREADABLE),
        (".", Reason.MONEY_UNREADABLE),
        ("1,00", Reason.MONEY_UNREADABLE),  # 1.00 or 100?
        ("1.000,50", Reason.MONEY_UNREADABLE),
        ("1 000 yen", Reason.MONEY_UNREADABLE),
        ("1e3", Reason.MONEY_UNREADABLE),
        ("NaN", Reason.MONEY_UNREADABLE),
        ("Infinity", Reason.MONEY_UNREADABLE),
        ("①000", Reason.MONEY_UNREADABLE),
        ("٣", Reason.MONEY_UNREADABLE),
        ("¥¥100", Reason.MONEY_UNREADABLE),
        ("$29.33", Reason.CURRENCY_DIFFERS),
        ("€29.33", Reason.CURRENCY_DIFFERS),
        ("10000000000000.01", Reason.MONEY_TOO_LARGE),
        ("9" * 5_000, Reason.MONEY_TOO_LARGE),
    ],
)
def test_money_that_is_not_certain_is_refused(text, reason):
    assert reason_of(cells.money, text, currency="JPY") == reason


def test_a_yen_sign_in_a_dollar_column_is_refused():
    assert cells.money("$29.33", currency="USD") == 29_33
    assert reason_of(cells.money, "¥29", currency="USD") == Reason.CURRENCY_DIFFERS


def test_a_total_below_zero_is_refused():
    assert reason_of(cells.amount, "-1", currency="JPY") == Reason.MONEY_NEGATIVE


@given(st.integers(min_value=0, max_value=10**15))
def test_every_amount_written_with_two_decimals_comes_back(hundredths):
    whole, decimals = divmod(hundredths, 100)

    assert cells.money(f"{whole:,}.{decimals:02}", currency="JPY") == hundredths
    assert cells.money(f"{whole}.{decimals:02}", currency="JPY") == hundredths


@given(st.text(max_size=30))
def test_any_text_is_money_or_refused(text):
    with suppress(CellRefusedError):
        assert abs(cells.money(text, currency="JPY")) <= cells.MOST_MONEY


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-01-05", datetime(2024, 1, 4, 15, tzinfo=UTC)),  # local midnight
        ("2024/1/5", datetime(2024, 1, 4, 15, tzinfo=UTC)),
        ("2024.1.5", datetime(2024, 1, 4, 15, tzinfo=UTC)),
        ("２０２４／１／５", datetime(2024, 1, 4, 15, tzinfo=UTC)),
        ("20240105", datetime(2024, 1, 4, 15, tzinfo=UTC)),
        ("2024年1月5日", datetime(2024, 1, 4, 15, tzinfo=UTC)),
        ("2024年1月5日 9時3分", datetime(2024, 1, 5, 0, 3, tzinfo=UTC)),
        ("2024-01-05 09:03:07", datetime(2024, 1, 5, 0, 3, 7, tzinfo=UTC)),
        ("2024/1/5 9:03", datetime(2024, 1, 5, 0, 3, tzinfo=UTC)),  # what Excel makes of it
        ("2024-01-05T09:03:07.25", datetime(2024, 1, 5, 0, 3, 7, 250_000, tzinfo=UTC)),
        ("2024-01-05T09:03:07Z", datetime(2024, 1, 5, 9, 3, 7, tzinfo=UTC)),
        ("2024-05-14 11:23:45 +0100", datetime(2024, 5, 14, 10, 23, 45, tzinfo=UTC)),
        ("2024-05-14T11:23:45-05:30", datetime(2024, 5, 14, 16, 53, 45, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 28, 15, tzinfo=UTC)),
        ('="2024-01-05"', datetime(2024, 1, 4, 15, tzinfo=UTC)),
    ],
)
def test_a_date_with_its_year_first_is_read_in_the_zone_of_the_shop(text, instant):
    assert cells.moment(text, zone=TOKYO) == instant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01/02/2024", Reason.DATE_AMBIGUOUS),
        ("24/01/05", Reason.DATE_AMBIGUOUS),
        ("1-2-24", Reason.DATE_AMBIGUOUS),
        ("13.2.2024 10:00", Reason.DATE_AMBIGUOUS),
        ("45321", Reason.DATE_AMBIGUOUS),  # a spreadsheet's day number
        ("45321.5", Reason.DATE_AMBIGUOUS),
        ("2023-02-29", Reason.DATE_UNREADABLE),
        ("2024-13-01", Reason.DATE_UNREADABLE),
        ("2024-01-05 25:00", Reason.DATE_UNREADABLE),
        ("2024-01-05 09:03 +2500", Reason.DATE_UNREADABLE),
        ("2024-01/05", Reason.DATE_UNREADABLE),
        ("0000-00-00", Reason.DATE_UNREADABLE),
        ("令和6年1月5日", Reason.DATE_UNREADABLE),
        ("yesterday", Reason.DATE_UNREADABLE),
        ("", Reason.DATE_UNREADABLE),
        ("1899-12-31", Reason.DATE_OUT_OF_RANGE),
        ("9999-12-31", Reason.DATE_OUT_OF_RANGE),
    ],
)
def test_a_date_that_is_not_certain_is_refused(text, reason):
    assert reason_of(cells.moment, text, zone=TOKYO) == reason


def test_a_declared_format_says_how_a_date_is_read():
    instant = cells.moment("05/01/2024", zone=TOKYO, formats=("%d/%m/%Y",))

    assert instant == datetime(2024, 1, 4, 15, tzinfo=UTC)
    assert (
        reason_of(cells.moment, "2024-01-05", zone=TOKYO, formats=("%d/%m/%Y",))
        == Reason.DATE_UNREADABLE
    )


def test_of_an_hour_that_comes_twice_it_is_the_first():
    assert cells.moment("2024-11-03 01:30", zone=NEW_YORK) == datetime(
        2024, 11, 3, 5, 30, tzinfo=UTC
    )


def test_no_day_of_mysql_is_none_where_a_date_may_be_missing():
    assert cells.optional_moment("0000-00-00 00:00:00", zone=TOKYO) is None


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["%Y-%m-%d %H:%M:%S.%f%z", "%Y/%m/%dT%H:%M:%S.%f%z"]),
)
def test_every_instant_with_its_offset_comes_back(instant, pattern):
    assert cells.moment(instant.strftime(pattern), zone=TOKYO) == instant


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text):
    with suppress(CellRefusedError):
        assert cells.moment(text, zone=TOKYO).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("00004", "00004"),
        ("'00004", "00004"),
        ('="00004"', "00004"),
        ("１２３", "123"),
        (" A-1 ", "A-1"),
        ("①", "①"),  # another id than 1
        ("1E5", "1E5"),
    ],
)
def test_an_id_stays_text_with_its_zeros(text, identifier):
    assert cells.identifier(text) == identifier


def test_an_id_that_a_spreadsheet_rounded_is_refused():
    assert reason_of(cells.identifier, "1.23457E+17") == Reason.ID_DAMAGED


def test_an_id_beyond_the_width_of_its_column_is_refused():
    assert reason_of(cells.identifier, "x" * 101) == Reason.TEXT_TOO_LONG


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("山田　太郎", "山田 太郎"),
        ("か\u3099", "が"),  # composed
        ("山田\r\nBcc: a@example.com", "山田 Bcc: a@example.com"),
        ("a\x07b", "ab"),
        ("'t Hooft", "'t Hooft"),
        ("'=cmd()", "=cmd()"),  # as our own exports guard it
        ("㈱髙﨑", "㈱髙﨑"),
    ],
)
def test_words_are_one_composed_line(text, words):
    assert cells.words(text, most=200) == words


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("１２", 12), ("1,000", 1000), ("2.00", 2), ("0", 0)]
)
def test_a_whole_number_is_read(text, number):
    assert cells.whole_number(text) == number


@pytest.mark.parametrize("text", ["1.5", "-1", "two", "²", "9" * 30, "1000001"])
def test_what_is_no_whole_number_in_reason_is_refused(text):
    assert reason_of(cells.whole_number, text) == Reason.NUMBER_UNREADABLE


@pytest.mark.parametrize(("text", "code"), [("jpy", "JPY"), ("円", "JPY"), ("ＵＳＤ", "USD")])
def test_a_currency_is_three_letters(text, code):
    assert cells.currency_code(text) == code


def test_an_unknown_currency_is_refused():
    assert reason_of(cells.currency_code, "yen") == Reason.CURRENCY_UNKNOWN
