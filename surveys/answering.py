"""Take in what people answer, and let staff say what counts."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint, set_standing
from crm.shops.models import User
from surveys.enums import Outcome, Signal
from surveys.models import Response
from surveys.opening import Answer, Opened
from surveys.reminding import call_off_reminder
from surveys.selectors import correctable_until
from surveys.suspicion import RAPID, is_rapid_fire


# No savepoint: within the shop's transaction it would cost two statements and save nothing.
@transaction.atomic(savepoint=False)
def record_answer(
    *,
    opened: Opened,
    score: int,
    words: str,
    at: datetime,
    zone: ZoneInfo,
    signals: list[Signal],
    revises: int | None = None,
) -> Outcome:
    """Store an answer to an invitation opened with `lock=True`, once.

    The first answer stands. The same once more is REPEATED, however often and however
    many at once. A different one is REFUSED, unless it says by `revises` which answer it
    corrects and comes in time. A suspected answer never displaces another; a person's
    displaces a suspected one.
    """
    if not opened.is_locked:
        raise ValueError("An answer to an invitation that is not locked could be stored twice")
    stands = opened.answer
    if stands is None:
        touchpoint = _record_fact(opened, 1, score, words, at, is_suspected=bool(signals))
        Response.objects.create(
            shop_id=opened.shop_id,
            survey_id=opened.survey_id,
            invitation_id=opened.id,
            touchpoint=touchpoint,
            answers={"overall": score},
            answered_at=at,
            is_suspected=bool(signals),
            signals=signals,
        )
        if opened.reminder_id is not None:
            call_off_reminder(shop_id=opened.shop_id, mail_id=opened.reminder_id)
        return Outcome.STORED
    if stands.is_from_burst and at - stands.answered_at <= RAPID:
        signals = [*signals, Signal.SEVERAL]  # one more try of the same machine
    if stands.is_suspected and not signals:
        # The machine's answer stays in the ledger, uncounted; the person's is a first answer.
        _replace(
            opened, stands, score, words, at, answered_at=at, is_suspected=False, signals=[],
            refused_scores=[], judged_by=None, judged_at=None,
        )  # fmt: skip
        return Outcome.STORED
    if (stands.score, stands.words) == (score, words):
        return Outcome.REPEATED
    is_in_time = at <= correctable_until(stands.answered_at, zone)
    if revises == stands.n and is_in_time and not signals:
        corrected = Touchpoint(pk=stands.touchpoint_id)
        _replace(opened, stands, score, words, at, replaces=corrected, changed_at=at)
        return Outcome.STORED
    _note_refused(stands, opened.shop_id, score, at)
    return Outcome.REFUSED


@transaction.atomic
def judge_response(*, response: Response, does_count: bool, user: User, at: datetime) -> None:
    """Staff say whether an answer counts, whatever its signs; they may say otherwise later."""
    response.is_suspected = not does_count
    response.judged_by = user
    response.judged_at = at
    response.save(update_fields=["is_suspected", "judged_by", "judged_at"])
    set_standing(
        touchpoint=response.touchpoint,
        standing=Standing.COUNTS if does_count else Standing.SUSPECTED,
    )


def _replace(
    opened: Opened,
    stands: Answer,
    score: int,
    words: str,
    at: datetime,
    *,
    replaces: Touchpoint | None = None,
    **changes: Any,
) -> None:
    n = stands.n + 1
    touchpoint = _record_fact(opened, n, score, words, at, replaces=replaces)
    Response.objects.filter(shop_id=opened.shop_id, pk=stands.response_id).update(
        n=n, answers={"overall": score}, touchpoint=touchpoint, **changes
    )


def _record_fact(
    opened: Opened,
    n: int,
    score: int,
    words: str,
    at: datetime,
    *,
    replaces: Touchpoint | None = None,
    is_suspected: bool = False,
) -> Touchpoint:
    return record_touchpoint(
        customer=opened.customer,
        kind=Kind(opened.occasion),
        at=at,
        source=f"surveys.invitation:{opened.id}:{n}",
        purchase=opened.purchase,
        value=Decimal(score),
        text=words,
        replaces=replaces,
        response=f"surveys.invitation:{opened.id}",
        is_suspected=is_suspected,
    )


def _note_refused(stands: Answer, shop_id: int, score: int, at: datetime) -> None:
    """Remember the other scores that came at once; so many together are no person's choice."""
    since_first = at - stands.answered_at
    if since_first > RAPID:
        return
    response = Response.objects.select_related("touchpoint").get(
        shop_id=shop_id, pk=stands.response_id
    )
    if response.judged_at is not None or score in response.refused_scores:
        return
    scores = [*response.refused_scores, score]
    if is_rapid_fire([response.score, *scores], since_first=since_first):
        response.is_suspected = True
        response.signals = [*response.signals, Signal.SEVERAL]
        set_standing(touchpoint=response.touchpoint, standing=Standing.SUSPECTED)
    response.refused_scores = scores
    response.save(update_fields=["refused_scores", "is_suspected", "signals"])
