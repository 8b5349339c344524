"""Roles × actions: the one place that says who may do what. What is not listed is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from crm.shops.enums import Action, Role

MAY: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.MANAGER: frozenset({Action.READ, Action.WORK, Action.SET_UP}),
    Role.STAFF: frozenset({Action.READ, Action.WORK}),
    Role.VIEWER: frozenset({Action.READ}),
}

View = Callable[..., HttpResponse]


def member_may(action: Action) -> Callable[[View], View]:
    """Let members whose role allows `action` pass; the view gets the shop in place of the slug.

    `request.may` holds all they may do, for what a page offers. Days and hours on the page
    are those of the shop, wherever its people sit.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.shop is None:
                return redirect_to_login(request.get_full_path())
            request.may = MAY.get(Role(request.membership.role), frozenset())
            if action not in request.may:
                raise PermissionDenied
            with timezone.override(request.shop.zone):
                response = view(request, request.shop, *args, **kwargs)
            # People's names and words must not lie in a browser after signing out.
            patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
