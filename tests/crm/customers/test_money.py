import pytest
from django.utils.translation import override

from crm.customers.money import in_words


@pytest.mark.parametrize(
    ("hundredths", "currency", "japanese", "english"),
    [
        (864_000, "JPY", "8,640円", "¥8,640"),
        (0, "JPY", "0円", "¥0"),
        (150, "JPY", "2円", "¥2"),
        (123_456_789_00, "JPY", "123,456,789円", "¥123,456,789"),
        (24_409_194, "USD", "244,091.94 USD", "244,091.94 USD"),
        (500_00, "KRW", "500 KRW", "500 KRW"),
    ],
)
def test_an_amount_reads_as_people_write_it(hundredths, currency, japanese, english):
    with override("ja"):
        assert in_words(hundredths, currency) == japanese
    with override("en"):
        assert in_words(hundredths, currency) == english
