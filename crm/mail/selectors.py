from collections.abc import Collection

from django.db.models import QuerySet

from crm.mail.enums import MailState
from crm.mail.models import Mail


def mails_of(shop_id: int, *, states: Collection[MailState] = ()) -> QuerySet[Mail]:
    """The shop's mails with their recipients and words, of these states or of all.

    Unordered: the list page orders and cuts them by key (crm.shops.paging).
    """
    mails = Mail.objects.filter(shop_id=shop_id).select_related("customer", "content")
    return mails.filter(state__in=states) if states else mails
