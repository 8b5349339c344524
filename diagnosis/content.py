"""A quiz as data: questions, options, weights and every word of the result, in two languages.

The same shape is written by hand in diagnosis/quizzes/*.toml and kept, frozen, in the
database; `read_quiz` makes objects of it and refuses what could not be asked or scored.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils import translation

STAGES = range(5)
LANGUAGES = ("ja", "en")

SHIPPED = Path(__file__).resolve().parent / "quizzes" / "relationship.toml"

Plain = Mapping[str, Any]


class Unreadable(ValueError):
    """The data is no quiz; the message says where and why."""


@dataclass(frozen=True)
class Text:
    """The same words in each language."""

    ja: str
    en: str

    def __str__(self) -> str:
        return self.en if translation.get_language() == "en" else self.ja


@dataclass(frozen=True)
class Option:
    """One answer; `measure` is the code of the forbidden measure it admits to, or ""."""

    id: str
    text: Text
    points: int
    measure: str
    is_alone: bool  # says "none of these": cannot stand beside others


@dataclass(frozen=True)
class Advice:
    """What to start with where a question was not answered at its best."""

    do: Text
    kpi: Text
    how: Text  # how the figure is measured
    shows: Text  # what the product would show


@dataclass(frozen=True)
class Question:
    id: str
    stage: int
    is_many: bool
    cap: int  # the points from which it is answered at its best
    text: Text
    hint: Text | None
    options: tuple[Option, ...]
    advice: Advice

    @cached_property
    def by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}


@dataclass(frozen=True)
class Measure:
    """Something a stage forbids; in use, it pulls the readiness for that stage down."""

    code: str
    stage: int
    pulls: int
    name: Text
    why: Text


@dataclass(frozen=True)
class Contradiction:
    """Two answers that do not go together, and how to say so kindly."""

    first: tuple[str, frozenset[str]]  # the question, and any of these options
    second: tuple[str, frozenset[str]]
    say: Text


@dataclass(frozen=True)
class Quiz:
    title: Text
    lead: Text
    threshold: int
    means: tuple[Text, ...]  # of each stage, in two sentences
    questions: tuple[Question, ...]
    measures: Mapping[str, Measure]
    contradictions: tuple[Contradiction, ...]

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}


def shipped() -> dict[str, Any]:
    """The quiz that comes with the product, as plain data."""
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def read_quiz(data: Plain) -> Quiz:
    """The quiz that plain data stands for; raises `Unreadable`."""
    try:
        quiz = Quiz(
            title=_text(data["title"]),
            lead=_text(data["lead"]),
            threshold=data["threshold"],
            means=tuple(_text(stage["means"]) for stage in data["stage"]),
            questions=tuple(_question(question) for question in data["question"]),
            measures={measure["code"]: _measure(measure) for measure in data["measure"]},
            contradictions=tuple(_contradiction(each) for each in data.get("contradiction", [])),
        )
    except (KeyError, TypeError) as error:
        raise Unreadable(f"something is missing: {error}") from error
    _check(quiz)
    return quiz


def _text(data: Plain) -> Text:
    text = Text(ja=data["ja"], en=data["en"])
    if not (text.ja.strip() and text.en.strip()):
        raise Unreadable(f"a text lacks a language: {data}")
    return text


def _question(data: Plain) -> Question:
    options = tuple(_option(option) for option in data["option"])
    is_many = {"many": True, "one": False}[data["kind"]]
    return Question(
        id=data["id"],
        stage=data["stage"],
        is_many=is_many,
        cap=data["cap"] if is_many else max((option.points for option in options), default=0),
        text=_text(data["text"]),
        hint=_text(data["hint"]) if "hint" in data else None,
        options=options,
        advice=Advice(**{name: _text(data["advice"][name]) for name in Advice.__annotations__}),
    )


def _option(data: Plain) -> Option:
    return Option(
        id=data["id"],
        text=_text(data),
        points=data.get("points", 0),
        measure=data.get("measure", ""),
        is_alone=data.get("alone", False),
    )


def _measure(data: Plain) -> Measure:
    return Measure(
        code=data["code"],
        stage=data["stage"],
        pulls=data["pulls"],
        name=_text(data["name"]),
        why=_text(data["why"]),
    )


def _contradiction(data: Plain) -> Contradiction:
    first, second = data["first"], data["second"]
    return Contradiction(
        first=(first["question"], frozenset(first["options"])),
        second=(second["question"], frozenset(second["options"])),
        say=_text(data["say"]),
    )


def _check(quiz: Quiz) -> None:
    if len(quiz.means) != len(STAGES):
        raise Unreadable("each of the five stages needs its meaning")
    if len(quiz.by_id) != len(quiz.questions):
        raise Unreadable("two questions share an id")
    for stage in STAGES:
        if not any(question.stage == stage for question in quiz.questions):
            raise Unreadable(f"nothing is asked about stage {stage}")
    for question in quiz.questions:
        _check_question(question, quiz.measures)
    for contradiction in quiz.contradictions:
        for question_id, options in (contradiction.first, contradiction.second):
            if not options <= quiz.by_id[question_id].by_id.keys():
                raise Unreadable(f"a contradiction names options {question_id} does not have")


def _check_question(question: Question, measures: Mapping[str, Measure]) -> None:
    options = question.options
    if len(question.by_id) != len(options):
        raise Unreadable(f"two options of {question.id} share an id")
    if any(option.measure and option.measure not in measures for option in options):
        raise Unreadable(f"{question.id} names a measure that is not described")
    best = [option.points for option in options if not option.is_alone]
    reachable = sum(best) if question.is_many else max(best, default=0)
    if not 0 < question.cap <= reachable or any(option.points < 0 for option in options):
        raise Unreadable(f"the points of {question.id} do not add up")
