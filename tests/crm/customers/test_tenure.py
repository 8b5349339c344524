from datetime import date

import pytest
from django.utils.translation import override

from crm.customers.tenure import rhythm_in_words, tenure_in_words


@pytest.mark.parametrize(
    ("first", "last", "japanese", "english"),
    [
        (date(2024, 7, 12), date(2025, 11, 12), "1年4か月", "1 year 4 months"),
        (date(2024, 7, 12), date(2025, 11, 11), "1年3か月", "1 year 3 months"),
        (date(2024, 7, 12), date(2026, 7, 12), "2年", "2 years"),
        (date(2024, 1, 31), date(2024, 2, 29), "29日", "29 days"),
        (date(2024, 1, 31), date(2024, 3, 31), "2か月", "2 months"),
        (date(2024, 7, 12), date(2024, 7, 12), "0日", "0 days"),
    ],
)
def test_a_tenure_reads_as_one_would_say_it(first, last, japanese, english):
    with override("ja"):
        assert tenure_in_words(first, last) == japanese
    with override("en"):
        assert tenure_in_words(first, last) == english


@pytest.mark.parametrize(
    ("days", "japanese", "english"),
    [
        (30, "30日ごと", "every 30 days"),
        (30.5, "30日ごと", "every 30 days"),
        (59.4, "59日ごと", "every 59 days"),
        (60, "約2か月ごと", "about every 2 months"),
        (152.5, "約5か月ごと", "about every 5 months"),
        (365, "約12か月ごと", "about every 12 months"),
        (730, "約2年ごと", "about every 2 years"),
    ],
)
def test_a_rhythm_reads_as_one_would_say_it(days, japanese, english):
    with override("ja"):
        assert rhythm_in_words(days) == japanese
    with override("en"):
        assert rhythm_in_words(days) == english
