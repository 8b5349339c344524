"""Links and notes that only we can have written."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import tokens
from surveys.tokens import Link, Receipt
from tests.factories import NOON

LINK = Link(shop_id=3, invitation_id=1482, nonce="k7Qm2xAbCdEf-_")
TOKEN = tokens.answer_token(LINK)


def test_a_token_says_what_was_put_in():
    assert tokens.read_answer_token(TOKEN) == LINK
    assert tokens.shop_of(TOKEN) == 3


def test_changing_any_one_character_makes_it_nobodys():
    others = {c: "B" if c == "A" else "A" for c in set(TOKEN)}
    changed = [TOKEN[:i] + others[c] + TOKEN[i + 1 :] for i, c in enumerate(TOKEN)]

    assert [token for token in changed if tokens.read_answer_token(token)] == []


@pytest.mark.parametrize(
    "token",
    ["", ".", TOKEN[:-1], TOKEN + "A", TOKEN * 200, "é" + TOKEN, "\x00", "1-2-3.\ud800", "９-2-3"],
)
def test_what_is_cut_long_or_strange_is_nobodys(token):
    assert tokens.read_answer_token(token) is None
    assert tokens.shop_of(token) is None


@given(st.text(max_size=300))
def test_no_text_at_all_breaks_the_reader(text):
    assert tokens.read_answer_token(text) is None
    assert tokens.read_stamp(text, 1) is None
    assert tokens.read_receipt(text, 1) is None


def test_a_note_for_one_purpose_does_not_open_another():
    stamp = tokens.stamp(1482, at=NOON)
    receipt = tokens.seal_receipt(Receipt(9, True), 1482)

    assert tokens.read_answer_token(stamp) is None
    assert tokens.read_answer_token(receipt) is None
    assert tokens.read_receipt(stamp, 1482) is None
    assert tokens.read_stamp(receipt, 1482) is None


def test_the_note_of_opening_keeps_the_millisecond_and_its_invitation():
    at = NOON + timedelta(milliseconds=1234)
    stamp = tokens.stamp(1482, at=at)

    assert tokens.read_stamp(stamp, 1482) == at
    assert tokens.read_stamp(stamp, 1483) is None


@pytest.mark.parametrize("score", [-1, 0, 1, 10])
@pytest.mark.parametrize("has_words", [True, False])
def test_a_receipt_says_what_was_sent(score, has_words):
    receipt = tokens.seal_receipt(Receipt(score, has_words), 1482)

    assert tokens.read_receipt(receipt, 1482) == Receipt(score, has_words)


def test_a_receipt_is_for_one_invitation():
    receipt = tokens.seal_receipt(Receipt(score=10, has_words=False), 1482)

    assert tokens.read_receipt(receipt, 1482) == Receipt(10, False)
    assert tokens.read_receipt(receipt, 1483) is None


def test_a_link_outlives_the_change_of_the_key_while_the_old_one_is_kept(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    kept = tokens.read_answer_token(TOKEN)
    settings.SECRET_KEY_FALLBACKS = []
    gone = tokens.read_answer_token(TOKEN)

    assert (kept, gone) == (LINK, None)
