"""Roles × actions: the one place that says who may do what. What is not listed is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crm.shops.enums import Action, Role

MAY: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.MANAGER: frozenset({Action.READ, Action.WORK, Action.SET_UP}),
    Role.STAFF: frozenset({Action.READ, Action.WORK}),
    Role.VIEWER: frozenset({Action.READ}),
}

View = Callable[..., HttpResponse]


def member_may(action: Action) -> Callable[[View], View]:
    """Let members whose role allows `action` pass; the view gets the shop in place of the slug."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.shop is None:
                return redirect_to_login(request.get_full_path())
            if action not in MAY.get(Role(request.membership.role), frozenset()):
                raise PermissionDenied
            return view(request, request.shop, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def may(request: HttpRequest, action: Action) -> bool:
    """Whether the signed-in member may do this, for what a page offers."""
    return action in MAY.get(Role(request.membership.role), frozenset())  # type: ignore[attr-defined]
