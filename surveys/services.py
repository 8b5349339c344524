"""Set a survey up, put it in the shop's own words, switch it on and off."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from crm.mail import services as mails
from crm.mail.enums import MailReason, MailState
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.work import services as work
from surveys.enums import Occasion, SurveyKind
from surveys.models import Survey, SurveyVersion
from surveys.wording import OwnWords, first_items, reworded

#: How long a new survey waits: long enough to have used the thing, and to know the shop.
FIRST_WAITS = {
    SurveyKind.ORDER: {"days_after_delivery": 7, "days_after_order": 14},
    SurveyKind.NPS: {"days_after_delivery": 21, "days_after_order": 30},
}

#: For how long a survey that was switched off goes on as if it never had been.
UNDO_LASTS = timedelta(days=1)


@transaction.atomic
def prepare_survey(*, shop: Shop, kind: SurveyKind) -> Survey:
    """A survey of this kind in our own words, not yet on; the one there is, if any."""
    survey, is_new = Survey.objects.get_or_create(shop=shop, kind=kind, defaults=FIRST_WAITS[kind])
    if is_new:
        SurveyVersion.objects.create(shop=shop, survey=survey, n=1, items=first_items(kind))
    return survey


@transaction.atomic
def begin_survey(*, shop: Shop, kind: SurveyKind, at: datetime) -> Survey:
    """A survey of this kind, switched on unless somebody has switched it off."""
    survey = prepare_survey(shop=shop, kind=kind)
    if survey.is_new:
        switch_survey(survey=survey, is_on=True, at=at)
    return survey


@transaction.atomic
def switch_survey(*, survey: Survey, is_on: bool, at: datetime) -> int:
    """Ask about orders placed from now on; or ask nobody any more, and call off what waits.

    Returns how many invitations were called off. Switching on twice keeps the first moment,
    so that no order falls into a gap.
    """
    _lock(survey)
    if is_on == survey.is_on:
        return 0
    if is_on:
        survey.switched_on_at = at
        _save(survey)
        work.mark(f"invitations:{survey.shop_id}", shop_id=survey.shop_id)
        return 0
    survey.was_on_since, survey.switched_on_at, survey.switched_off_at = (
        survey.switched_on_at, None, at,
    )  # fmt: skip
    _save(survey)
    waiting = _mails_of(survey).filter(state=MailState.DUE)
    return sum(mails.cancel(mail, reason=MailReason.SURVEY_OFF) for mail in waiting)


def can_undo_switching_off(survey: Survey, *, now: datetime) -> bool:
    """Whether it was switched off only lately, and nobody has switched it on since."""
    return (
        not survey.is_on
        and survey.switched_off_at is not None
        and now - survey.switched_off_at <= UNDO_LASTS
    )


@transaction.atomic
def undo_switching_off(*, survey: Survey, now: datetime) -> bool:
    """Go on as if the survey had never been off: what was called off waits again, and the
    orders placed meanwhile are asked about. False when it is too late for that."""
    _lock(survey)
    if not can_undo_switching_off(survey, now=now):
        return False
    survey.switched_on_at, survey.was_on_since, survey.switched_off_at = (
        survey.was_on_since, None, None,
    )  # fmt: skip
    _save(survey)
    called_off = _mails_of(survey).filter(
        state=MailState.CANCELLED, reason=MailReason.SURVEY_OFF, expires_at__gt=now
    )
    for mail in called_off:
        mails.take_up_again(mail)
    work.mark(f"invitations:{survey.shop_id}", shop_id=survey.shop_id)
    return True


def set_timing(*, survey: Survey, **changes: int | bool) -> None:
    """When to ask: the fields of `forms.TimingForm`; for orders not yet asked about."""
    for field, value in changes.items():
        setattr(survey, field, value)
    survey.save(update_fields=list(changes))


@transaction.atomic
def reword(
    *, survey: Survey, language: str, own: Mapping[Occasion, OwnWords], sender: str
) -> SurveyVersion:
    """Ask in these words from now on; what was asked before keeps its own.

    The same words once more make no new version.
    """
    _lock(survey)
    latest = survey.versions.latest("n")
    items = reworded(latest.items, language, own, sender=sender)
    if items == latest.items:
        return latest
    return SurveyVersion.objects.create(
        shop_id=survey.shop_id, survey=survey, n=latest.n + 1, items=items
    )


def _lock(survey: Survey) -> None:
    """See the survey as it is now, and let nobody invite for it or change it meanwhile."""
    survey.refresh_from_db(from_queryset=Survey.objects.select_for_update(no_key=True))


def _save(survey: Survey) -> None:
    survey.save(update_fields=["switched_on_at", "switched_off_at", "was_on_since"])


def _mails_of(survey: Survey) -> QuerySet[Mail]:
    """Its questions and its reminders."""
    of_survey = Q(invitations__survey=survey) | Q(reminded_of__survey=survey)
    return Mail.objects.filter(of_survey, shop_id=survey.shop_id)
