from typing import Any

from django.http import Http404

from crm.shops.models import Shop
from crm.shops.people.tokens import read_join_token
from crm.tenancy.door import word_behind_door


def by_join_token(request: Any) -> Shop:
    """The shop that /join/<token>/ says it leads to; whether it does, the page asks inside.

    404 for what can be no token of ours.
    """
    request.join_link = read_join_token(word_behind_door(request.path_info))
    shop = request.join_link and Shop.objects.filter(pk=request.join_link.shop_id).first()
    if not shop:
        raise Http404
    return shop
