"""What every page needs: headers that bind the browser, and the reader's language."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]


class FileTooBig(RequestDataTooBig):
    """A file is larger than the view that takes files would have it."""


# Nothing inline, nothing from elsewhere, no frame around us.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class SafetyHeaders:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        also = getattr(response, "policy_also", "")  # what one page needs besides, such as a frame
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY + also)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        if self._is_for_one_person(request, response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _is_for_one_person(self, request: HttpRequest, response: HttpResponse) -> bool:
        """Whoever shows a session or a key may be told what nobody else should find lying about."""
        session = settings.SESSION_COOKIE_NAME
        return (
            session in request.COOKIES
            or session in response.cookies
            or "Authorization" in request.headers
        )


class ReadableRequests:
    """Refuse with words what no browser sends here, before anything tries to read it.

    A body larger than any form of ours is refused by its length, for Django would read the
    files of a multipart body whole; a view that takes files says how long it may be
    (`longest_body`). A session key that is none is not looked up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not (key.isascii() and key.isalnum()):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self._refuse_unless_taken(request.path_info, int(length))
        return self.get_response(request)

    def _refuse_unless_taken(self, path: str, length: int) -> None:
        try:
            longest = getattr(resolve(path).func, "longest_body", 0)
        except Resolver404:
            longest = 0
        if length > longest:
            raise FileTooBig if longest else RequestDataTooBig("No form of this site is so long")


class Language:
    """`?lang=` when somebody chose, else the browser's; a page for one person sets theirs.

    `request.lang` is the explicit choice or None, for views that know their reader.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: Any) -> HttpResponse:
        wanted = request.GET.get("lang")
        request.lang = wanted if wanted in self.known else None
        language = request.lang or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ["Accept-Language"])
        return response


class OwnLanguage:
    """The language a member chose for good, unless the address of this page names another.

    A guest has none but that of the address: where they are sent on, it goes along, so that a
    choice needs no cookie.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        # Without a session's cookie nobody is signed in: a guest costs no look.
        may_be_member = settings.SESSION_COOKIE_NAME in request.COOKIES
        if may_be_member and not request.lang and request.user.is_authenticated:
            # Until `Language` ends, further out.
            translation.activate(request.user.locale or translation.get_language())
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        if request.lang and _is_path(location) and not request.user.is_authenticated:
            response.headers["Location"] = _in_language(location, request.lang)
        return response


def _is_path(location: str) -> bool:
    """Whether this leads to a page of ours."""
    return location.startswith("/") and not location.startswith("//")


def _in_language(path: str, language: str) -> str:
    """The same page in this language, unless the path names one."""
    parts = urlsplit(path)
    if "lang" in parse_qs(parts.query):
        return path
    query = f"{parts.query}&lang={language}" if parts.query else f"lang={language}"
    return parts._replace(query=query).geturl()


class SignedInUnlessOpen(LoginRequiredMiddleware):
    """Ask everybody to sign in, but for the doors that settings.OPEN_DOORS names.

    Default deny: a new page that nobody thought about is for those who have signed in.
    """

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        door = request.path_info.split("/", 2)[1]
        if door in settings.OPEN_DOORS:
            return None
        response: Any = super().process_view(request, view, args, kwargs)
        return response if response is None else cast(HttpResponse, response)
