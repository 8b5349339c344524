"""Who may open the door to a shop (settings.TENANT_DOORS)."""

import hmac
from typing import Any

from django.http import Http404

from crm.shops.models import ApiKey, Membership, Shop
from crm.tenancy.door import word_behind_door


def by_membership(request: Any) -> Shop | None:
    """The shop of /shops/<slug>/… for its members; 404 for strangers, whether it exists or not.

    None for somebody not signed in: the page then asks to sign in, again in either case.
    """
    request.membership = None
    slug = word_behind_door(request.path_info)
    if not slug or not request.user.is_authenticated:
        return None
    membership = (
        Membership.objects.select_related("shop")
        .filter(shop__slug=slug, user_id=request.user.pk)
        .first()
        if "\x00" not in slug
        else None
    )
    if membership is None:
        raise Http404
    request.membership = membership
    return membership.shop


def by_api_key(request: Any) -> Shop | None:
    """The shop whose live key stands in `Authorization: Bearer <key>`, else None."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    prefix = key.partition(".")[0]
    if scheme.lower() != "bearer" or not prefix.isalnum() or not prefix.isascii():
        return None
    row = ApiKey.objects.select_related("shop").filter(prefix=prefix, revoked_at=None).first()
    if row is None or not hmac.compare_digest(row.sha256, ApiKey.digest(key)):
        return None
    return row.shop
