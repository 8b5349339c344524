"""Take in what people answer, and let staff say what counts."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint, set_standing
from crm.shops.models import Shop, User
from crm.work import services as work
from surveys.enums import Occasion, Outcome, Signal, SurveyKind
from surveys.models import Invitation, Response, Survey, SurveyVersion
from surveys.selectors import correctable_until, response_to
from surveys.suspicion import RAPID, is_rapid_fire
from surveys.wording import first_items

#: How long a new survey waits: long enough to have used the thing, and to know the shop.
FIRST_WAITS = {
    SurveyKind.ORDER: {"days_after_delivery": 7, "days_after_order": 14},
    SurveyKind.NPS: {"days_after_delivery": 21, "days_after_order": 30},
}


@transaction.atomic
def record_answer(
    *,
    invitation: Invitation,
    score: int,
    words: str,
    at: datetime,
    zone: ZoneInfo,
    signals: list[Signal],
    revises: int | None = None,
) -> tuple[Outcome, Response]:
    """Store an answer once; what became of it, and the answer that stands now.

    The first answer stands. The same once more is REPEATED, however often and however
    many at once. A different one is REFUSED, unless it says by `revises` which answer it
    corrects and comes in time. A suspected answer never displaces another; a person's
    displaces a suspected one.
    """
    # Twenty equal answers at once queue up here, so that each sees what the first has done.
    Invitation.objects.select_for_update(no_key=True).get(
        shop_id=invitation.shop_id, pk=invitation.pk
    )
    response = response_to(invitation)
    if response is None:
        touchpoint = _record_fact(invitation, 1, score, words, at, is_suspected=bool(signals))
        response = Response.objects.create(
            shop_id=invitation.shop_id,
            invitation=invitation,
            touchpoint=touchpoint,
            answers={"overall": score},
            answered_at=at,
            is_suspected=bool(signals),
            signals=signals,
        )
        return Outcome.STORED, response
    if _is_in_burst(response, at):
        signals = [*signals, Signal.SEVERAL]
    if response.is_suspected and not signals:
        # The machine's answer stays in the ledger, uncounted; the person's is a first answer.
        _replace(response, invitation, score, words, at, replaces=None)
        response.answered_at = at
        response.is_suspected = False
        response.signals = []
        response.judged_by = response.judged_at = None
        response.save()
        return Outcome.STORED, response
    if (response.score, response.words) == (score, words):
        return Outcome.REPEATED, response
    is_in_time = at <= correctable_until(response, zone)
    if revises == response.n and is_in_time and not signals:
        _replace(response, invitation, score, words, at, replaces=response.touchpoint)
        response.changed_at = at
        response.save()
        return Outcome.STORED, response
    _note_refused(response, score, at)
    return Outcome.REFUSED, response


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


@transaction.atomic
def begin_survey(*, shop: Shop, kind: SurveyKind, at: datetime) -> Survey:
    """A survey of this kind with our own questions, switched on; the one there is, if any."""
    survey, is_new = Survey.objects.get_or_create(
        shop=shop, kind=kind, defaults={"switched_on_at": at, **FIRST_WAITS[kind]}
    )
    if is_new:
        SurveyVersion.objects.create(shop=shop, survey=survey, n=1, items=first_items(kind))
        work.mark(f"invitations:{shop.pk}", shop_id=shop.pk)
    return survey


@transaction.atomic
def switch_survey(*, survey: Survey, is_on: bool, at: datetime) -> None:
    """Ask about orders placed from now on, or ask nobody any more.

    Switching on twice keeps the first moment, so that no order falls into a gap.
    """
    if is_on == survey.is_on:
        return
    survey.switched_on_at = at if is_on else None
    survey.save(update_fields=["switched_on_at"])
    if is_on:
        work.mark(f"invitations:{survey.shop_id}", shop_id=survey.shop_id)


def set_waits(*, survey: Survey, days_after_delivery: int, days_after_order: int) -> None:
    """How long to wait before asking; for orders not yet asked about."""
    survey.days_after_delivery = days_after_delivery
    survey.days_after_order = days_after_order
    survey.save(update_fields=["days_after_delivery", "days_after_order"])


def _replace(
    response: Response,
    invitation: Invitation,
    score: int,
    words: str,
    at: datetime,
    *,
    replaces: Touchpoint | None,
) -> None:
    response.n += 1
    response.answers = {"overall": score}
    response.touchpoint = _record_fact(invitation, response.n, score, words, at, replaces=replaces)


def _record_fact(
    invitation: Invitation,
    n: int,
    score: int,
    words: str,
    at: datetime,
    *,
    replaces: Touchpoint | None = None,
    is_suspected: bool = False,
) -> Touchpoint:
    is_about_order = invitation.occasion != Occasion.NPS
    return record_touchpoint(
        customer=invitation.customer,
        kind=Kind(invitation.occasion),
        at=at,
        source=f"surveys.invitation:{invitation.pk}:{n}",
        purchase=invitation.purchase if is_about_order else None,
        value=Decimal(score),
        text=words,
        replaces=replaces,
        response=f"surveys.invitation:{invitation.pk}",
        is_suspected=is_suspected,
    )


def _is_in_burst(response: Response, at: datetime) -> bool:
    """Whether a machine was just found trying every button; what comes now is one more try."""
    return Signal.SEVERAL in response.signals and at - response.answered_at <= RAPID


def _note_refused(response: Response, score: int, at: datetime) -> None:
    """Remember the other scores that came at once; so many together are no person's choice."""
    since_first = at - response.answered_at
    if since_first > RAPID or response.judged_at is not None or score in response.refused_scores:
        return
    scores = [*response.refused_scores, score]
    if is_rapid_fire([response.score, *scores], since_first=since_first):
        response.is_suspected = True
        response.signals = [*response.signals, Signal.SEVERAL]
        set_standing(touchpoint=response.touchpoint, standing=Standing.SUSPECTED)
    response.refused_scores = scores
    response.save(update_fields=["refused_scores", "is_suspected", "signals"])
