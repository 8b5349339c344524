"""The one reminder (domain.md, section 6, "Asking by stage"): to who stands at Landing and did not
answer, where the shop wishes it and the first letter said so.

It passes the guard as every contact does, when it is planned and when it leaves.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from crm.mail import services as mails
from crm.mail.enums import MailReason, MailState, Purpose
from crm.mail.models import Mail
from crm.shops.models import Shop
from surveys.enums import Occasion
from surveys.inviting import heed_guard, words_for
from surveys.models import Invitation, Response, Survey
from surveys.selectors import TOO_LATE

AFTER = timedelta(days=7)  # since the question was sent
AT_ONCE = 50  # planned in one transaction


@transaction.atomic
def remind_due(*, shop: Shop, now: datetime) -> int:
    """Plan the reminders whose time has come, at most `AT_ONCE`; how many were planned."""
    planned = 0
    # Locked, as for inviting: nobody switches one off while we write for it.
    asking = Survey.objects.filter(shop=shop, switched_on_at__isnull=False, reminds=True)
    for survey in asking.order_by("pk").select_for_update(no_key=True):
        for invitation in unanswered(survey, now=now)[: AT_ONCE - planned]:
            _remind(invitation, survey, shop, now)
            planned += 1
    return planned


def unanswered(survey: Survey, *, now: datetime) -> QuerySet[Invitation]:
    """Questions that arrived a week ago and got no answer, of those that may be asked again."""
    return (
        Invitation.objects.filter(
            shop_id=survey.shop_id,
            survey=survey,
            may_remind=True,
            reminder=None,
            response=None,
            mail__state__in=[MailState.ACCEPTED, MailState.DELIVERED],
            mail__accepted_at__lte=now - AFTER,
            mail__accepted_at__gt=now - AFTER - TOO_LATE,
            customer__erased_at=None,
            customer__merged_into=None,
        )
        .select_related("customer__shop", "version", "purchase", "mail__purchase")
        .order_by("pk")
    )


def call_off_reminder(*, shop_id: int, mail_id: int) -> None:
    """Who answers is not reminded; what has left has left."""
    waiting = Mail.objects.filter(shop_id=shop_id, pk=mail_id, state=MailState.DUE).first()
    if waiting is not None:
        mails.cancel(waiting, reason=MailReason.ANSWERED)


def _remind(invitation: Invitation, survey: Survey, shop: Shop, now: datetime) -> None:
    # Whoever answers at this moment is heard first: they hold their invitation as we do here.
    Invitation.objects.select_for_update(no_key=True).get(shop=shop, pk=invitation.pk)
    if Response.objects.filter(shop=shop, invitation=invitation).exists():
        return
    is_about_order = invitation.occasion != Occasion.NPS
    invitation.reminder = mails.queue_mail(
        customer=invitation.customer,
        purpose=Purpose.REMINDER,
        purchase=invitation.purchase if is_about_order else None,
        dedup_key=f"surveys.reminder:{invitation.pk}",
        due_at=survey.hours.next_moment(now, shop.zone),
        expires_at=min(now + TOO_LATE, invitation.expires_at),
        words=words_for(invitation, shop, is_reminder=True),
    )
    invitation.save(update_fields=["reminder"])
    heed_guard(invitation.reminder, hours=survey.hours, shop=shop, now=now)
