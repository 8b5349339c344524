"""Quizzes that were taken, in one step."""

from crm.shops.models import Shop
from diagnosis.leads import take_lead
from diagnosis.models import Attempt, Lead, QuizVersion
from diagnosis.selectors import attempt_by_token
from diagnosis.services import answer, begin, open_quiz
from tests.factories import NOON


def open_version_of(shop: Shop, slug: str) -> QuizVersion:
    quiz = open_quiz(shop=shop, slug=slug)
    return quiz.versions.latest("n")


def begun(version: QuizVersion) -> str:
    """The token of an attempt without an answer."""
    return begin(version=version, language="ja", now=NOON)


def finished(version: QuizVersion) -> Attempt:
    """An attempt that chose the first option everywhere."""
    attempt = attempt_by_token(version.shop_id, version.quiz.slug, begun(version))
    assert attempt is not None
    for question in version.content.questions:
        answer(attempt=attempt, question=question, chosen=[question.options[0].id], now=NOON)
    return attempt


def lead_of(attempt: Attempt, email: str) -> Lead:
    """Somebody who asked for the result of this attempt by mail, and to be written to."""
    lead = take_lead(
        attempt=attempt,
        shop=attempt.version.shop,
        email=email,
        may_contact=True,
        language="ja",
        now=NOON,
    )
    assert lead is not None
    return lead
