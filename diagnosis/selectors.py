"""What the quiz reads: one attempt by its token or its result, and how others came out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from diagnosis.content import STAGES
from diagnosis.models import Attempt, QuizVersion
from diagnosis.tokens import digest, is_token

ENOUGH = 30  # takers from which a share says anything about the others


@dataclass(frozen=True)
class Others:
    """How many came out at each stage. Whole numbers, so that nobody is made a percentage of."""

    n: int
    rows: tuple[tuple[int, int], ...]  # the stage, and how many stand there; the highest first


def open_version(shop_id: int, slug: str) -> QuizVersion | None:
    """What somebody who begins now is asked; None while the quiz is closed."""
    return (
        QuizVersion.objects.filter(shop=shop_id, quiz__slug=slug, quiz__is_open=True)
        .order_by("-n")
        .first()
    )


def attempt_by_token(shop_id: int, slug: str, token: str, *, lock: bool = False) -> Attempt | None:
    if not is_token(token):
        return None
    attempts = Attempt.objects.select_related("version")
    if lock:
        attempts = attempts.select_for_update(of=("self",))
    return attempts.filter(
        shop=shop_id, version__quiz__slug=slug, token_sha256=digest(token)
    ).first()


def attempt_by_result(shop_id: int, slug: str, result: UUID) -> Attempt | None:
    return (
        Attempt.objects.select_related("version", "earlier__version")
        .filter(shop=shop_id, version__quiz__slug=slug, result=result)
        .first()
    )


def next_unanswered(attempt: Attempt) -> int:
    """The number (from 1) of the first question without an answer; one past the last if none."""
    questions = attempt.version.content.questions
    unanswered = (n for n, each in enumerate(questions, 1) if each.id not in attempt.answers)
    return next(unanswered, len(questions) + 1)


def others(shop_id: int, quiz_id: int) -> Others | None:
    """How everybody who finished this quiz came out; None while they are too few to show."""
    counted = (
        Attempt.objects.filter(shop=shop_id, version__quiz=quiz_id, stage__isnull=False)
        .values_list("stage")
        .annotate(n=Count("pk"))
    )
    by_stage: Mapping[int, int] = dict(counted)
    n = sum(by_stage.values())
    if n < ENOUGH:
        return None
    return Others(n, tuple((stage, by_stage.get(stage, 0)) for stage in reversed(STAGES)))
