"""Errors as problem details (RFC 9457): for a program its code, for a person a sentence."""

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework.exceptions import APIException, NotFound
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the answer to any mistake it knows of; None for a crash.

    What the call wrote is undone by crm.tenancy.middleware, as with every such answer.
    """
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = Forbidden()
    if not isinstance(error, APIException):
        return None
    response = Response(_body(error), error.status_code, content_type=MEDIA_TYPE)
    if header := getattr(error, "auth_header", None):
        response.headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def problem_page(status: int) -> JsonResponse:
    """The same for what goes wrong before or beyond the API's own code."""
    known = HTTPStatus(status)
    body = _head(status) | {"code": known.name.lower(), "detail": known.description}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def _head(status: int) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}


def _body(error: APIException) -> dict[str, Any]:
    body = _head(error.status_code)
    details = error.get_full_details()
    if isinstance(details, dict) and details.keys() == {"message", "code"}:
        return body | {"code": details["code"], "detail": str(details["message"])}
    return body | {
        "code": "invalid",
        "detail": "Some fields need mending; see errors.",
        "errors": list(_mistakes(details)),
    }


def _mistakes(details: Any, path: str = "") -> Any:
    """Each mistake with the field it is about, such as "lines.0.product"."""
    if isinstance(details, dict) and details.keys() == {"message", "code"}:
        yield {"field": path, "code": details["code"], "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _mistakes(inner, f"{path}.{name}".strip("."))
    else:
        for place, inner in enumerate(details):
            is_message = isinstance(inner, dict) and inner.keys() == {"message", "code"}
            yield from _mistakes(inner, path if is_message else f"{path}.{place}".strip("."))
