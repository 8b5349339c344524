from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from crm.shops.models import Shop
from crm.tenancy.door import word_behind_door
from surveys.tokens import shop_of


def by_answer_token(request: Any) -> Shop:
    """The shop whose link /a/<token>/… this is; 404 for any token we did not sign for it."""
    shop_id = shop_of(word_behind_door(request.path_info))
    if shop_id is None:
        raise Http404
    return get_object_or_404(Shop, pk=shop_id)
