"""Whatever arrives is either an answer or words about it, and what was typed comes back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import tokens
from surveys.forms import AnswerForm, score_in_link
from tests.factories import NOON

NUMBERS = {number: str(number) for number in range(11)}
COMPARED = {-1: "思っていたのと違った", 0: "思っていたとおり", 1: "思っていた以上"}


def form(answers=NUMBERS, **data: str) -> AnswerForm:
    return AnswerForm(data, answers=answers, invitation_id=7, now=NOON)


def test_a_score_alone_is_an_answer():
    sent = form(score="0")

    assert sent.is_valid()
    assert sent.cleaned_data == {"score": 0, "words": ""}


@pytest.mark.parametrize("score", ["", "11", "-1", "9.5", "９", "nine", "9" * 400, "\x00"])
def test_anything_but_a_whole_number_from_0_to_10_is_asked_again(score):
    sent = form(score=score, words="とても良かったです")

    assert list(sent.errors) == ["score"]
    assert sent.typed_words == "とても良かったです"
    assert not any(bead.is_chosen for bead in sent.beads)


def test_words_keep_their_lines_emoji_and_direction_marks():
    words = "一行目\r\n二行目 🍵 \u202eabc\u202c \u200b"

    sent = form(score="9", words=words)

    assert sent.is_valid()
    assert sent.cleaned_data["words"] == "一行目\n二行目 🍵 \u202eabc\u202c \u200b"


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_a_character_that_is_no_text_is_taken_out_and_said(bad):
    sent = form(score="9", words=f"良い{bad}香り")

    assert list(sent.errors) == ["words"]
    assert sent.typed_words == "良い香り"
    assert form(score="9", words=sent.typed_words).is_valid()


def test_five_thousand_characters_fit_and_one_more_comes_back_whole():
    assert form(score="9", words="あ" * 4999 + "\r\n").is_valid()
    assert form(score="9", words="あ" * 5000).is_valid()

    too_long = form(score="9", words="あ" * 5001)

    assert list(too_long.errors) == ["words"]
    assert "5001" in str(too_long.errors["words"])
    assert too_long.typed_words == "あ" * 5001


@given(st.dictionaries(st.sampled_from(["score", "words", "homepage", "shown", "revises"]),
                       st.text(max_size=60)))  # fmt: skip
def test_no_form_at_all_breaks_it(data):
    sent = form(**data)

    sent.is_valid()

    assert sent.typed_words.encode() is not None
    assert sent.revises is None or 0 <= sent.revises <= 9999
    assert len(sent.beads) == 11


def test_the_page_notes_when_it_was_first_shown_and_keeps_the_note_when_it_comes_back():
    shown = AnswerForm(answers=NUMBERS, invitation_id=7, now=NOON).shown
    later = AnswerForm(
        {"shown": shown}, answers=NUMBERS, invitation_id=7, now=NOON + timedelta(minutes=5)
    )

    assert tokens.read_stamp(shown, 7) == NOON
    assert (later.shown, later.opened_at) == (shown, NOON)


def test_a_note_of_another_invitation_is_no_note():
    sent = form(shown=tokens.stamp(8, at=NOON))

    assert sent.opened_at is None
    assert tokens.read_stamp(sent.shown, 7) == NOON


def test_the_link_chooses_and_the_form_changes_the_choice():
    opened = AnswerForm(answers=NUMBERS, invitation_id=7, now=NOON, chosen=9)
    sent = AnswerForm({"score": "3"}, answers=NUMBERS, invitation_id=7, now=NOON, chosen=9)

    assert [bead.number for bead in opened.beads if bead.is_chosen] == ["9"]
    assert [bead.number for bead in sent.beads if bead.is_chosen] == ["3"]


@pytest.mark.parametrize(
    ("text", "score"),
    [("0", 0), ("10", 10), ("11", None), ("", None), (None, None), ("9" * 500, None), ("٣", None),
     ("-1", None), ("07", None)],
)  # fmt: skip
def test_a_link_preselects_only_what_stands_on_the_scale(text, score):
    assert score_in_link(text, NUMBERS) == score


@pytest.mark.parametrize(
    ("text", "score"), [("-1", -1), ("0", 0), ("1", 1), ("2", None), ("思っていたとおり", None)]
)
def test_a_link_preselects_one_of_three_words(text, score):
    assert score_in_link(text, COMPARED) == score


def test_a_comparison_is_one_of_three_words():
    sent = form(COMPARED, score="-1")

    assert sent.is_valid()
    assert sent.cleaned_data["score"] == -1
    assert [(bead.label, bead.is_chosen) for bead in sent.beads] == [
        ("思っていたのと違った", True), ("思っていたとおり", False), ("思っていた以上", False),
    ]  # fmt: skip
    assert list(form(COMPARED, score="9").errors) == ["score"]


def test_only_a_filled_trap_is_one():
    assert form(homepage="https://spam.example").fell_in_trap
    assert not form(homepage="").fell_in_trap
    assert not form().fell_in_trap
