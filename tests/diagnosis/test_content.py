"""The shipped quiz is whole, and a quiz that is not is refused."""

import copy

import pytest

from diagnosis.content import STAGES, Unreadable, read_quiz, shipped

QUIZ = read_quiz(shipped())


def test_the_shipped_quiz_asks_about_every_stage_in_twenty_four_questions():
    assert len(QUIZ.questions) == 24
    assert {question.stage for question in QUIZ.questions} == set(STAGES)


def test_every_forbidden_measure_can_be_admitted_to():
    asked = {option.measure for question in QUIZ.questions for option in question.options}

    assert asked - {""} == set(QUIZ.measures)


def test_no_two_options_of_a_question_read_the_same():
    for question in QUIZ.questions:
        for language in ("ja", "en"):
            words = [getattr(option.text, language) for option in question.options]
            assert len(set(words)) == len(words), question.id


def damaged(**changes):
    data = copy.deepcopy(shipped())
    question = data["question"][1]
    for name, value in changes.items():
        question[name] = value
    return data


@pytest.mark.parametrize(
    "data",
    [
        damaged(text={"ja": "", "en": "Words"}),
        damaged(text={"ja": "ことば"}),
        damaged(kind="several"),
        damaged(id=shipped()["question"][0]["id"]),
        damaged(option=[]),
        shipped() | {"stage": []},
        shipped() | {"measure": []},
        shipped() | {"question": [q for q in shipped()["question"] if q["stage"] != 3]},
        {},
    ],
    ids=lambda data: None,
)
def test_what_cannot_be_asked_or_scored_is_refused(data):
    with pytest.raises(Unreadable):
        read_quiz(data)
