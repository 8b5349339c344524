"""The takers of a quiz, for the shop that runs it."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from diagnosis.content import STAGES, Option, Question
from diagnosis.models import Attempt, Lead, Quiz, QuizVersion

MOST_EXPORTED = 20_000


@dataclass(frozen=True)
class Tally:
    """One question: how many answered it, and how many chose each option."""

    n: int  # the number on the page
    question: Question
    answered: int
    stopped: int  # how many began, and stopped right before this question
    options: tuple[tuple[Option, int], ...]


@dataclass(frozen=True)
class Overview:
    begun: int
    finished: int
    by_stage: tuple[tuple[int, int], ...]  # the stage, and how many came out there
    tallies: tuple[Tally, ...]
    version: QuizVersion


def overview(quiz: Quiz) -> Overview:
    """Figures of the present version of the quiz; an older one had other questions."""
    version = QuizVersion.objects.filter(shop=quiz.shop_id, quiz=quiz).latest("n")
    attempts = Attempt.objects.filter(shop=quiz.shop_id, version=version)
    by_stage: dict[int | None, int] = dict(attempts.values_list("stage").annotate(Count("pk")))
    unfinished: dict[int, int] = dict(
        attempts.filter(stage=None).values_list("reached").annotate(Count("pk"))
    )
    chosen = _chosen(version)
    return Overview(
        begun=sum(by_stage.values()),
        finished=sum(n for stage, n in by_stage.items() if stage is not None),
        by_stage=tuple((stage, by_stage.get(stage, 0)) for stage in STAGES),
        tallies=tuple(
            _tally(n, question, chosen, stopped=unfinished.get(n - 1, 0))
            for n, question in enumerate(version.content.questions, 1)
        ),
        version=version,
    )


def finished_attempts(shop_id: int) -> QuerySet[Attempt]:
    return (
        Attempt.objects.filter(shop=shop_id, finished_at__isnull=False)
        .select_related("version")
        .defer("version__data")
        .order_by("-pk")[:MOST_EXPORTED]
    )


def leads_of(shop_id: int) -> QuerySet[Lead]:
    return (
        Lead.objects.filter(shop=shop_id)
        .select_related("customer", "attempt")
        .defer("attempt__answers")
    )


def _tally(
    n: int, question: Question, chosen: dict[tuple[str, str], int], *, stopped: int
) -> Tally:
    return Tally(
        n=n,
        question=question,
        answered=chosen.get((question.id, ""), 0),
        stopped=stopped,
        options=tuple(
            (option, chosen.get((question.id, option.id), 0)) for option in question.options
        ),
    )


def _chosen(version: QuizVersion) -> dict[tuple[str, str], int]:
    """How many chose each option, by question and option; under "" how many answered at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT question.key, coalesce(option.id, ''), count(*)
              FROM diagnosis_attempt attempt
                   CROSS JOIN jsonb_each(attempt.answers) AS question
                   CROSS JOIN LATERAL (
                       SELECT jsonb_array_elements_text(question.value) UNION ALL SELECT NULL
                   ) AS option (id)
             WHERE attempt.shop_id = %s AND attempt.version_id = %s
             GROUP BY 1, 2
            """,
            [version.shop_id, version.pk],
        )
        return {(question, option): n for question, option, n in cursor.fetchall()}
