"""What is written down of a running site: enough to mend it, and nothing of anybody's.

Whoever reads the logs must not be able to answer for a customer, nor learn who one is. So
tokens, keys and addresses are masked wherever they stand, pages are named by their pattern
instead of their address, and in production an error is told by its kind and place: its words
may quote what somebody typed, or the row that the database refused.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import DisallowedHost, ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from redis import RedisError

_TOKEN_IN_PATH = re.compile(r"(/(?:a|u|d|join)/)[^/\s?\"']+")
# The same wherever it stands, for a mail program may break an address: ids, nonce, signature.
# These begin where a word begins, and nowhere within it: an endless word is read once.
_TOKEN = re.compile(r"(?<!\d)\d{1,19}-\d{1,19}(?:-[\w-]{16})?\.[\w-]{43}")
_API_KEY = re.compile(r"\b[0-9a-f]{12}\.[\w-]{43}")
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"'=])[^\s<>()\[\],;:\"'=]+@[^\s<>()\[\],;:\"'=]+")

#: What these say is of machines and settings, and an operator needs it.
_TELLING = (
    OperationalError, InterfaceError, RedisError, OSError, ImproperlyConfigured, DisallowedHost,
    ImportError,
)  # fmt: skip

#: The request that is being answered, so that all its lines can be found.
request_id: ContextVar[str] = ContextVar("request_id", default="")
_GIVEN_ID = re.compile(r"[\w-]{8,64}", re.ASCII)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def mask(text: str) -> str:
    """The same text without the tokens of links, keys to the API and e-mail addresses."""
    text = _TOKEN.sub("***", _TOKEN_IN_PATH.sub(r"\1***", text))
    return _ADDRESS.sub("***@***", _API_KEY.sub("***", text))


class Plain(logging.Formatter):
    """A line for a person at their own machine, with the whole error, masked."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class JsonLines(logging.Formatter):
    """A line for a machine: one JSON object, whatever stands in the message."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if known := request_id.get():
            line["request"] = known
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = list(_told(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class Journal:
    """Middleware: one line for each request, and a name for it that its other lines bear.

    The name is the proxy's (X-Request-ID) where it sends one; the answer bears it too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = logging.getLogger("horetsu.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if _GIVEN_ID.fullmatch(given) else uuid4().hex
        known = request_id.set(name)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = name
            if self.log.isEnabledFor(logging.INFO):
                self.log.info("answered", extra={"facts": _facts(request, response, began)})
        finally:
            request_id.reset(known)
        return response


def config(*, as_json: bool) -> dict[str, Any]:
    """Settings for Django and gunicorn: all lines to standard error, in one of the two forms."""
    formatter = JsonLines if as_json else Plain
    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter.__name__}", "fmt": form}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # A local start has nobody to count its pages for.
            "horetsu.request": {"level": "INFO" if as_json else "WARNING"},
            # Each says what django.request says as well, or what nobody can mend.
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": False},
            "django.server": {"handlers": [], "propagate": True},
        },
    }


def _facts(request: HttpRequest, response: HttpResponse, began: float) -> dict[str, Any]:
    match = request.resolver_match
    shop = getattr(request, "shop", None)
    return {
        "method": request.method,
        "page": match.view_name if match else "",
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        **({"shop": shop.pk} if shop else {}),
    }


_MOST_FRAMES: Final = 30


def _told(exc_info: ExcInfo) -> Any:
    """The error and what led to it, innermost last: kind and places, words of a few kinds only."""
    _kind, error, _traceback = exc_info
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.insert(0, cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    for each in chain:
        kind = f"{type(each).__module__}.{type(each).__qualname__}"
        words = f": {mask(str(each))}" if isinstance(each, _TELLING) else ""
        yield kind + words
        frames = traceback.extract_tb(each.__traceback__)[-_MOST_FRAMES:]
        yield from (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
