"""Who may open the door to a shop (settings.TENANT_DOORS)."""

import hmac
from typing import Any

from django.http import Http404

from crm.shops.accounts.journal import note
from crm.shops.enums import AccountAct
from crm.shops.machines.pace import wait_of
from crm.shops.models import ApiKey, Membership, Shop
from crm.shops.services import note_use
from crm.tenancy.door import word_behind_door


def by_membership(request: Any) -> Shop | None:
    """The shop of /shops/<slug>/… for its members; 404 for strangers, whether it exists or not.

    None for somebody not signed in: the page then asks to sign in, again in either case.
    """
    request.membership = None
    slug = word_behind_door(request.path_info)
    if not slug or not request.user.is_authenticated:
        return None
    # All of them at once: the frame around the page names the other shops as well.
    memberships = Membership.objects.select_related("shop").filter(user_id=request.user.pk)
    request.memberships = list(memberships.order_by("shop__name", "shop__slug"))
    membership = next((one for one in request.memberships if one.shop.slug == slug), None)
    if membership is None:
        note(AccountAct.REFUSED, request=request, user=request.user, about=slug.replace("\x00", ""))
        raise Http404
    request.membership = membership
    return membership.shop


def by_api_key(request: Any) -> Shop | None:
    """The shop whose live key stands in `Authorization: Bearer <key>`, else None.

    `request.api_key` is that key, whose use is written down; `request.api_wait` says how long
    it has to wait for having asked too often, or None. Counted here and not by the view, where
    calls at once would wait for each other until the shop's transaction ends.
    """
    request.api_key = request.api_wait = None
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    prefix = key.partition(".")[0]
    if scheme.lower() != "bearer" or not prefix.isalnum() or not prefix.isascii():
        return None
    row = ApiKey.objects.select_related("shop").filter(prefix=prefix, revoked_at=None).first()
    if row is None or not hmac.compare_digest(row.sha256, ApiKey.digest(key)):
        return None
    note_use(row)
    request.api_key, request.api_wait = row, wait_of(row)
    return row.shop
