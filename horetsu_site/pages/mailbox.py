"""The local mailbox: in local mode, mail goes nowhere else and is read here."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from horetsu_site.middleware import CONTENT_SECURITY_POLICY
from horetsu_site.pages.local import local_only

NEWEST = 100

# A mail brings its own styles and nothing else; its links open in the whole window. It is of this
# site, so that the page around it can measure it, and runs no script, so that this is safe.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
    " sandbox allow-same-origin allow-top-navigation-by-user-activation"
)


@require_safe
@local_only
def mail_list(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    mails = [_summary(key, _read(path)) for key, path in islice(_files().items(), NEWEST)]
    return render(request, "pages/mailbox.html", {"mails": mails})


@require_safe
@local_only
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: how it looks, its text, its headers."""
    message = _mail_or_404(key)
    plain = message.get_body(("plain",))
    context = {
        **_summary(key, message),
        "text": plain.get_content() if plain else "",
        "has_html": message.get_body(("html",)) is not None,
        "headers": [(name, str(value)) for name, value in message.items()],
    }
    response = render(request, "pages/mail.html", context)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@require_safe
@local_only
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of a mail, for the frame on its page."""
    html = _mail_or_404(key).get_body(("html",))
    if html is None:
        raise Http404
    # A link would open inside the frame, where no page of ours lets itself be shown.
    text = html.get_content().replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(text, headers={"Content-Security-Policy": MAIL_POLICY})


def _files() -> dict[str, Path]:
    """Every mail of the Maildir by its file name, the newest first."""
    paths = [path for folder in ("new", "cur") for path in (settings.MAILBOX / folder).glob("*")]
    paths.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return {path.name: path for path in paths}


def _mail_or_404(key: str) -> EmailMessage:
    # Looked up among the names that are there, so that a key never becomes a path.
    path = _files().get(key)
    if path is None:
        raise Http404
    return _read(path)


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _summary(key: str, message: EmailMessage) -> dict[str, Any]:
    date = message.get("Date")
    return {
        "key": key,
        "subject": message.get("Subject", ""),
        "to": message.get("To", ""),
        "from": message.get("From", ""),
        "at": date.datetime if date else None,
    }
