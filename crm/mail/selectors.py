from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Max, QuerySet

from crm.mail.enums import MailReason, MailState
from crm.mail.models import Mail


def mails_of(shop_id: int, *, states: Collection[MailState] = ()) -> QuerySet[Mail]:
    """The shop's mails with their recipients and words, of these states or of all.

    Unordered: the list page orders and cuts them by key (crm.shops.paging).
    """
    mails = Mail.objects.filter(shop_id=shop_id).select_related("customer", "content")
    return mails.filter(state__in=states) if states else mails


def sender_paused_until(shop_id: int, *, now: datetime) -> datetime | None:
    """Until when the mail server's refusal of us holds all the shop's mails; None if it does not.

    The mail that was refused waits, and the others wait with it: a server that is asked
    again for every mail in the queue would take us for an attack.
    """
    refused = Mail.objects.filter(
        shop_id=shop_id, state=MailState.DUE, reason=MailReason.SENDER_REFUSED, due_at__gt=now
    )
    until: datetime | None = refused.aggregate(until=Max("due_at"))["until"]
    return until


def database_now() -> datetime:
    """The present moment by the clock that all workers share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
