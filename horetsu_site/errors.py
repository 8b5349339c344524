"""What somebody sees when something is wrong. None of these asks the database anything."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the database is away, with everything typed still on the page."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return render(request, "500.html", status=500)
    # With the token against forgery, which the form needs when it is sent again.
    response = render(request, "503.html", {"typed": dict(_posted(request))}, status=503)
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def _posted(request: HttpRequest) -> list[tuple[str, list[str]]]:
    try:
        # A password is never given back, not even to the one who typed it.
        return [(name, typed) for name, typed in request.POST.lists() if "password" not in name]
    except Exception:  # the body itself may be what is wrong; the page must come all the same
        logger.exception("The posted form could not be read back")
        return []
