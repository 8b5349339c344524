"""How long somebody stays signed in."""

from collections.abc import Callable
from time import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

IDLE = 8 * 3600  # seconds without a page: an evening, so that a lent computer is locked by morning
LONGEST = 7 * 24 * 3600  # seconds since signing in, however busy
LOOK_EVERY = 600  # seconds; in between nothing is written


class SessionLimits:
    """Sign out who was away too long, and keep the list of sessions current."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        # Without the cookie nobody is signed in: a guest costs no look.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._look(request, now=time())
        return self.get_response(request)

    def _look(self, request: Any, *, now: float) -> None:
        session = request.session
        since = session.setdefault("since", now)
        seen = session.setdefault("seen", now)
        if now - since > LONGEST or now - seen > IDLE:
            logout(request)
            messages.info(request, _("You were signed out, for safety. Please sign in again."))
        elif now - seen > LOOK_EVERY:
            session["seen"] = now
            UserSession.objects.create_from_request(request)
