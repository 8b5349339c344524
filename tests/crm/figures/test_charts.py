from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from crm.figures import charts
from crm.figures.charts import Event, Series, Tone

MONTHS = ["9月", "10月"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_chart_has_every_number_it_draws_in_its_table():
    answers = Series("Answers", [1200, 14.5], Tone.AI)
    words = Series("Words", [None, 8], Tone.WARM)

    chart = charts.lines("c", says="Fewer.", labels=MONTHS, series=[answers, words], axis="Month")

    assert chart.head == ["Month", "Answers", "Words"]
    assert chart.rows == [["9月", "1,200", charts.NOTHING], ["10月", "14.5", "8"]]
    assert chart.data["series"][1]["values"] == [None, 8]


def test_how_sure_a_figure_is_stands_beside_it():
    series = Series("NPS", [24, None], Tone.AI, low=[11, None], high=[36, None])

    chart = charts.band("c", says="Rising.", labels=MONTHS, series=series)

    assert [cells for _month, *cells in chart.rows] == [["24 (11 to 36)"], [charts.NOTHING]]


def test_words_of_its_own_stand_where_a_bare_number_would_say_too_little():
    series = Series("Again", [53], Tone.AI, words=["53 % (n = 62)"])

    assert charts.lines("c", says="", labels=["9月"], series=[series]).rows == [
        ["9月", "53 % (n = 62)"]
    ]


def test_series_are_told_apart_by_more_than_their_colour():
    series = [Series(name, [1, 2], Tone.AI) for name in ("one", "two", "three")]

    lines = charts.lines("c", says="", labels=MONTHS, series=series)
    stack = charts.stack("c", says="", labels=MONTHS, series=series)
    radar = charts.radar("c", says="", labels=MONTHS, series=series[:2])

    assert [key.dash for key in lines.legend] == [0, 1, 2]
    assert [key.name for key in stack.legend] == ["three", "two", "one"]  # as the layers lie
    assert [key.dash for key in radar.legend] == [1, 0]


def test_one_series_needs_no_key():
    assert (
        charts.lines("c", says="", labels=MONTHS, series=[Series("a", [1, 2], Tone.AI)]).legend
        == []
    )


def test_the_table_of_warmth_is_what_happened_newest_first():
    events = [
        Event(date(2025, 9, 2), 3.14, "Tea"),
        Event(date(2025, 10, 5), 9.0, "“Lovely”", is_words=True),
    ]

    chart = charts.warmth("c", says="Rising.", curve=[(date(2025, 9, 1), 2.0)], events=events)

    assert [row[1:] for row in chart.rows] == [["“Lovely”", "9.0"], ["Tea", "3.1"]]
    assert chart.data["curve"] == [["2025-09-01", 2.0]]


def test_what_a_customer_wrote_cannot_leave_the_figures_of_a_chart():
    event = Event(date(2025, 9, 2), 1, "</script><script>alert(1)</script>", is_words=True)
    chart = charts.warmth("c", says='"><img>', curve=[], events=[event])

    html = render_to_string("_chart.html", {"chart": chart})

    assert "<script>alert" not in html
    assert "<img>" not in html
