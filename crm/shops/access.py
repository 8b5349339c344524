"""Roles × actions: the one place that says who may do what. What is not listed is refused."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from crm.shops.enums import Action, Role

MAY: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.MANAGER: frozenset(
        {
            Action.READ,
            Action.WORK,
            Action.SET_UP,
            Action.IMPORT,
            Action.EXPORT,
            Action.ERASE,
        }
    ),
    Role.STAFF: frozenset({Action.READ, Action.WORK}),
    Role.VIEWER: frozenset({Action.READ}),
}

View = Callable[..., Any]  # a response of any kind


def member_may(action: Action, *, proven: bool = False) -> Callable[[View], View]:
    """Let members whose role allows `action` pass; the view gets the shop in place of the slug.

    `request.may` holds all they may do, for what a page offers. Days and hours on the page
    are those of the shop, wherever its people sit.

    With `proven`, for what is grave, they are asked for their password (or passkey) again
    unless they gave it in the last ten minutes, and come back by a GET of the same address:
    a page that asks first (templates/confirm.html) and acts on POST.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.shop is None:
                return redirect_to_login(request.get_full_path())
            request.may = MAY.get(Role(request.membership.role), frozenset())
            if action not in request.may:
                raise PermissionDenied
            if proven and (door := proof_wanted(request)):
                return redirect(door)
            with timezone.override(request.shop.zone):
                response = view(request, request.shop, *args, **kwargs)
            # People's names and words must not lie in a browser after signing out.
            patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.action = action  # type: ignore[attr-defined]
        guarded.proven = proven  # type: ignore[attr-defined]
        return guarded

    return decorate


def proof_wanted(request: Any) -> str | None:
    """Where somebody must first show once more who they are; None when they did lately."""
    records = get_authentication_records(request, request.user)
    if records and time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return None
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    return f"{ways[0]['url']}?{urlencode({'next': request.path})}" if ways else None
