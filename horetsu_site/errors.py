"""What somebody sees when something is wrong. None of these asks the database anything."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.shops.machines.errors import problem_page
from horetsu_site.logs import request_id
from horetsu_site.middleware import FileTooBig

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _said(request, 413, is_file=isinstance(exception, FileTooBig))
    return _said(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: the same was asked too often from one place, or about one account."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the database is away, with everything typed still on the page."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _said(request, 500, number=request_id.get())
    # With the token against forgery, which the form needs when it is sent again.
    typed = {} if _is_machine(request) else dict(_posted(request))
    response = _said(request, 503, typed=typed)
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def _said(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """A page for people, problem details for machines."""
    if _is_machine(request):
        return problem_page(status)
    return render(request, f"{status}.html", context, status=status)


def _is_machine(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _posted(request: HttpRequest) -> list[tuple[str, list[str]]]:
    try:
        # A password is never given back, not even to the one who typed it.
        return [(name, typed) for name, typed in request.POST.lists() if "password" not in name]
    except Exception:  # the body itself may be what is wrong; the page must come all the same
        logger.exception("The posted form could not be read back")
        return []
