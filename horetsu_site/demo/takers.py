"""Businesses that took the quiz in the last months; nobody knows who they are."""

import uuid
from datetime import timedelta
from random import Random

from diagnosis.content import Question, Quiz
from diagnosis.models import Attempt, QuizVersion
from diagnosis.rules import assess
from diagnosis.tokens import digest, new_token
from horetsu_site.demo.batch import Batch

FINISHED, STOPPED = 41, 6
#: Up to which stage a business does well, and how many of 41 are so; -1: at none.
REACHES = {-1: 5, 0: 9, 1: 12, 2: 8, 3: 4, 4: 3}
SINCE = 120  # days


def write_takers(batch: Batch, version: QuizVersion, *, random: Random) -> None:
    """Most went through to the end, and some stopped on the way."""
    content = version.content
    days = sorted((random.randint(1, SINCE) for _ in range(FINISHED + STOPPED)), reverse=True)
    stopping = set(random.sample(range(len(days)), STOPPED))
    Attempt.objects.bulk_create(
        _attempt(batch, version, content, ago, random, is_stopping=place in stopping)
        for place, ago in enumerate(days)
    )


def _attempt(
    batch: Batch,
    version: QuizVersion,
    content: Quiz,
    ago: int,
    random: Random,
    *,
    is_stopping: bool,
) -> Attempt:
    reach = random.choices(list(REACHES), list(REACHES.values()))[0]
    asked = list(content.questions)
    if is_stopping:
        asked = asked[: random.randint(2, len(asked) - 6)]
    answers = {question.id: _chosen(question, reach, random) for question in asked}
    started_at = batch.at(ago, random.randint(8 * 60, 22 * 60))
    attempt = Attempt(
        shop=batch.shop,
        version=version,
        token_sha256=digest(new_token()),
        language="ja" if random.random() < 0.85 else "en",
        answers=answers,
        reached=len(answers),
        started_at=started_at,
    )
    if not is_stopping:
        attempt.finished_at = started_at + timedelta(seconds=random.randint(130, 420))
        attempt.result = uuid.uuid4()
        attempt.stage = assess(content, answers).stage
    return attempt


def _chosen(question: Question, reach: int, random: Random) -> list[str]:
    """What a business chooses that does well up to this stage; each has weak sides, too."""
    level = random.uniform(0.7, 1) if question.stage <= reach else random.uniform(0.1, 0.6)
    ranked = sorted(question.options, key=lambda option: (option.points, not option.measure))
    if not question.is_many:
        return [ranked[min(int(level * len(ranked)), len(ranked) - 1)].id]
    alone = [option for option in ranked if option.is_alone]
    some = [option for option in ranked if not option.is_alone]
    if question.cap and level < 0.15 and alone:
        return [alone[0].id]
    good = [option for option in reversed(some) if option.points]
    bad = [option for option in some if not option.points]
    chosen = good[: round(level * len(good))] + bad[: round((1 - level) * len(bad) / 2)]
    return [option.id for option in question.options if option in (chosen or some[:1])]
