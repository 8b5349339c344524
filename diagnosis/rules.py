"""From answers to a stage: the written rule (README.md beside this file), pure.

No query, no clock: the same answers to the same version of a quiz always give the same.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from diagnosis.content import STAGES, Contradiction, Measure, Question, Quiz

#: What was answered: the ids of the options chosen, by the id of the question.
Answers = Mapping[str, Collection[str]]

FIRST_STEPS = 3


@dataclass(frozen=True)
class Assessment:
    """Where a business stands, and why."""

    stage: int
    readiness: tuple[int, ...]  # 0-100 for each of the five stages
    pulled: tuple[int, ...]  # how many of these points forbidden measures took from each
    bottleneck: int | None  # the lowest stage below the threshold; None when none is
    missing: int  # points the bottleneck lacks; 0 when there is none
    stop: tuple[Measure, ...]  # forbidden measures in use, those of the bottleneck first
    start: tuple[Question, ...]  # whose advice comes first, at most three
    gaps: tuple[Question, ...]  # what the bottleneck lacks, the largest first
    contradictions: tuple[Contradiction, ...]


def assess(quiz: Quiz, answers: Answers) -> Assessment:
    """Place a business on the ladder. What was not answered, or is unknown, earns nothing."""
    in_use = _measures_in_use(quiz, answers)
    before = [_average(quiz, answers, stage) for stage in STAGES]
    pulls = [sum(each.pulls for each in in_use if each.stage == stage) for stage in STAGES]
    readiness = tuple(max(0, _round(each) - pull) for each, pull in zip(before, pulls, strict=True))
    bottleneck = next((stage for stage in STAGES if readiness[stage] < quiz.threshold), None)
    return Assessment(
        stage=STAGES[-1] if bottleneck is None else max(0, bottleneck - 1),
        readiness=readiness,
        pulled=tuple(_round(each) - ready for each, ready in zip(before, readiness, strict=True)),
        bottleneck=bottleneck,
        missing=0 if bottleneck is None else quiz.threshold - readiness[bottleneck],
        stop=tuple(sorted(in_use, key=lambda each: (each.stage != bottleneck, each.stage))),
        start=tuple(_from(bottleneck, _lacking(quiz.questions, answers)))[:FIRST_STEPS],
        gaps=tuple(q for q in _lacking(quiz.questions, answers) if q.stage == bottleneck),
        contradictions=tuple(
            each
            for each in quiz.contradictions
            if _has(answers, each.first) and _has(answers, each.second)
        ),
    )


def share_of(question: Question, chosen: Collection[str]) -> Fraction:
    """How well one question was answered, from 0 to 1. Unknown options earn nothing."""
    points = [question.by_id[each].points for each in set(chosen) if each in question.by_id]
    if not points:
        return Fraction(0)
    earned = sum(points) if question.is_many else max(points)
    return Fraction(min(earned, question.cap), question.cap)


def _average(quiz: Quiz, answers: Answers, stage: int) -> Fraction:
    """The readiness before forbidden measures: each question of a stage weighs the same."""
    shares = [share_of(q, answers.get(q.id, ())) for q in quiz.questions if q.stage == stage]
    return 100 * sum(shares, Fraction(0)) / len(shares)


def _round(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _measures_in_use(quiz: Quiz, answers: Answers) -> list[Measure]:
    """Each forbidden measure counts once, however many answers admit to it."""
    codes = {
        option.measure
        for question in quiz.questions
        for option in question.options
        if option.measure and option.id in answers.get(question.id, ())
    }
    return [measure for code, measure in quiz.measures.items() if code in codes]


def _lacking(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """The questions not answered at their best, by stage, the largest lack first."""
    lacks = [(q, 1 - share_of(q, answers.get(q.id, ()))) for q in questions]
    return [q for q, lack in sorted(lacks, key=lambda each: (each[0].stage, -each[1])) if lack > 0]


def _from(bottleneck: int | None, questions: list[Question]) -> list[Question]:
    """From the bottleneck upwards, then what is left below: a ladder is mended where it breaks."""
    return sorted(questions, key=lambda q: (q.stage < (bottleneck or 0), q.stage))


def _has(answers: Answers, clause: tuple[str, frozenset[str]]) -> bool:
    question, options = clause
    return not options.isdisjoint(answers.get(question, ()))
