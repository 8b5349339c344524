"""Every change a taker of the quiz makes."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from crm.shops.models import Shop
from diagnosis.content import Question, shipped
from diagnosis.models import Attempt, Quiz, QuizAddress, QuizVersion
from diagnosis.rules import assess
from diagnosis.selectors import next_unanswered
from diagnosis.tokens import digest, new_token


@transaction.atomic
def open_quiz(*, shop: Shop, slug: str) -> Quiz:
    """Let the shop's quiz be taken at /d/<slug>/, with the questions as shipped now.

    Opening it again changes nothing, unless other questions are shipped: they become its
    next version, and whoever has begun goes on with theirs. `SlugTaken` when another shop
    has the address.
    """
    address, _ = QuizAddress.objects.get_or_create(slug=slug, defaults={"shop": shop})
    if address.shop_id != shop.pk:
        raise SlugTaken(slug)
    quiz, _ = Quiz.objects.get_or_create(shop=shop, slug=slug)
    Quiz.objects.filter(pk=quiz.pk, shop=shop, is_open=False).update(is_open=True)
    latest = QuizVersion.objects.filter(shop=shop, quiz=quiz).order_by("-n").first()
    data = shipped()
    if latest is None or latest.data != data:
        n = latest.n + 1 if latest else 1
        QuizVersion.objects.create(shop=shop, quiz=quiz, n=n, data=data)
    quiz.refresh_from_db()
    return quiz


class SlugTaken(Exception):
    """Another shop runs its quiz at this address."""


def close_quiz(quiz: Quiz) -> None:
    """Nobody can begin any more; results that were handed out stay where they are."""
    Quiz.objects.filter(shop=quiz.shop_id, pk=quiz.pk).update(is_open=False)


def begin(
    *, version: QuizVersion, language: str, now: datetime, earlier: Attempt | None = None
) -> str:
    """A new attempt; its token, which nothing can tell again."""
    token = new_token()
    Attempt.objects.create(
        shop_id=version.shop_id,
        version=version,
        token_sha256=digest(token),
        language=language,
        started_at=now,
        earlier=earlier,
    )
    return token


def answer(*, attempt: Attempt, question: Question, chosen: Collection[str], now: datetime) -> None:
    """Keep the answer to one question; with the last one the result is there.

    The attempt is locked by its reader. A result once handed out never changes: a later
    press of "back" and "next" leaves it as it is.
    """
    if attempt.finished_at is not None:
        return
    order = [option.id for option in question.options if option.id in chosen]
    attempt.answers = attempt.answers | {question.id: order}
    attempt.reached = len(attempt.answers)
    content = attempt.version.content
    if next_unanswered(attempt) > len(content.questions):
        attempt.finished_at = now
        attempt.result = uuid.uuid4()
        attempt.stage = assess(content, attempt.answers).stage
    attempt.save(update_fields=["answers", "reached", "finished_at", "result", "stage"])
