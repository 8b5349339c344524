"""Roles × actions: the one place that says who may do what. What is not listed is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone

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
                return view(request, request.shop, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
