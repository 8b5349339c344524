from typing import Any

from django.http import Http404

from crm.mail.tokens import shop_of
from crm.shops.models import Shop
from crm.tenancy.door import word_behind_door


def by_unsubscribe_token(request: Any) -> Shop:
    """The shop whose mails /u/<token>/ stops; 404 for any token we did not sign for it."""
    shop_id = shop_of(word_behind_door(request.path_info))
    shop = Shop.objects.filter(pk=shop_id).first() if shop_id else None
    if shop is None:
        raise Http404
    return shop
