from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from crm.mail.enums import MailState
from crm.mail.models import Mail


def mails_of(shop_id: int, *, states: Collection[MailState] = ()) -> QuerySet[Mail]:
    """The shop's mails with their recipients and words, of these states or of all.

    Unordered: the list page orders and cuts them by key (crm.shops.paging).
    """
    mails = Mail.objects.filter(shop_id=shop_id).select_related("customer", "content")
    return mails.filter(state__in=states) if states else mails


def database_now() -> datetime:
    """The present moment by the clock that all workers share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
