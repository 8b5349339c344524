"""What binds the browser, at every address and whatever the answer: S34, S35 and S11.

Asked by somebody signed in and by a guest, by GET and by the method that the address wants, so
that pages, redirects and refusals all come by.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.factories import sign_in
from tests.routes import CASES, Furnished, neighbours

pytestmark = pytest.mark.django_db

NAMES = sorted(CASES)
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
ELEMENTS = TEMPLATES.parent / "horetsu_site" / "static" / "elements"

#: Pages inside a frame of ours, which show and do nothing; a mail among them brings its own styles.
MAILS_IN_FRAMES = {"mailbox_html", "survey_preview_mail"}
FRAMED = MAILS_IN_FRAMES | {"survey_preview_page"}

#: The same for everybody, whoever asks.
PUBLIC = {"healthz", "api_schema"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Inline(HTMLParser):
    """What a page holds that its policy forbids, and what it would fetch from elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        is_code = tag == "script" and said.get("type") != "application/json"
        if tag == "style" or (is_code and "src" not in said):
            self.found.append(f"<{tag}>")
        for name, value in said.items():
            if name == "style" or name.startswith("on") or value.startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")
        fetched = said.get("href" if tag == "link" else "src", "")
        is_fetched = tag in {"link", "img", "iframe"} or (is_code and "src" in said)
        if is_fetched and not re.match(r"/(?!/)|data:", fetched):
            self.found.append(f"<{tag}> from {fetched!r}")


@pytest.fixture(scope="module", autouse=True)
def shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Furnished]:
    with django_db_blocker.unblock(), neighbours() as (ours, _theirs):
        yield ours


def answers(name: str, shop: Furnished, *, signed_in: bool) -> Iterator[Any]:
    """What the address says to a look, and to what it wants to be asked."""
    client = Client(raise_request_exception=False)
    if signed_in:
        sign_in(client, shop.owner)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {shop.key}"
    yield client.get(shop.address(name))
    if CASES[name].method != "get":
        yield getattr(client, CASES[name].method)(shop.address(name), CASES[name].body)


def policy_of(response: HttpResponse) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


def assert_bound(response: Any, *, is_framed: bool, may_style: bool) -> None:
    """The answer lets the browser do what our pages need, and nothing else."""
    assert {header: response.headers.get(header) for header in HEADERS} == HEADERS
    policy = policy_of(response)
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in str(policy) or may_style
    if is_framed:
        assert policy["frame-ancestors"] == "'self'"
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "script-src" not in policy
        assert "allow-scripts" not in policy.get("sandbox", "")
    else:
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("signed_in", [True, False], ids=["member", "guest"])
@pytest.mark.parametrize("name", NAMES)
def test_the_browser_is_bound(name: str, signed_in: bool, shop: Furnished) -> None:
    is_for_one_person = (signed_in and name not in PUBLIC) or CASES[name].wants_link

    for response in answers(name, shop, signed_in=signed_in):
        is_framed = name in FRAMED and response.status_code == 200
        is_mail = name in MAILS_IN_FRAMES and is_framed
        assert_bound(response, is_framed=is_framed, may_style=is_mail)
        if response.headers.get("Content-Type", "").startswith("text/html") and not is_mail:
            assert Inline(response.content.decode()).found == []
        for cookie in response.cookies.values():
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
        if is_for_one_person and response.status_code != 405:
            assert "no-store" in response.headers.get("Cache-Control", "")


def test_no_template_holds_code() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text("utf-8")
        is_mail = path.is_relative_to(TEMPLATES / "emails")

        assert not re.search(r"\son[a-z]+\s*=|javascript:|\|safe\b|autoescape\s+off", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        assert is_mail or not re.search(r"\sstyle\s*=|<style", text), path


def test_no_element_writes_markup_or_a_style_attribute() -> None:
    forbidden = (
        r"(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\("
        r"""|setAttribute\(["']style["']"""
    )

    for path in sorted(ELEMENTS.glob("*.js")):
        assert not re.search(forbidden, path.read_text("utf-8")), path.name
