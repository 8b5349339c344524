import pytest

from crm.ledger.words import measure


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("", (0, False)),
        ("   \n\u3000", (0, False)),
        ("とても おいしかった", (9, True)),
        ("ﾃｽﾄ", (3, True)),  # half-width kana are counted as what they stand for
        ("Tea was lovely", (12, False)),
        ("「宵」を毎朝いただいています。", (15, True)),
        ("Amazonで見つけたお茶です", (15, True)),
    ],
)
def test_words_are_counted_without_spaces_after_nfkc(text, measured):
    assert measure(text) == measured


@pytest.mark.parametrize(
    "text",
    ["特にありません", "特にありません。", " 特に　ありません！ ", "Nothing special.", "ＯＫ"],
)
def test_stock_phrases_are_no_words(text):
    assert measure(text)[0] == 0


def test_a_stock_phrase_within_a_letter_does_not_empty_it():
    assert measure("特にありませんが、包みがきれいでした。")[0] == 19
