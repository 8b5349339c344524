"""Every page of the site, on a phone and on a desk, in both schemes: usable by everybody.

The pages are those of the resolver (tests/routes.py), so that a new one cannot be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import APIResponse, Browser, BrowserContext, CDPSession, Page
from pytest_django import DjangoDbBlocker

from tests.browser.axe import LOOKS, axe, wider_than_its_window
from tests.routes import CASES, Furnished, furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("axe")]

LONG = "yamaguchi-kayo-with-a-name-longer-than-any-phone-is-wide"
PAGES = sorted(name for name, case in CASES.items() if not case.wants_key)


@dataclass(frozen=True)
class Rooms:
    """A furnished shop behind a real port, and the session of its owner."""

    shop: Furnished
    url: str
    session: str


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        shop = furnish("otonari", LONG)
        client = Client()
        client.force_login(shop.owner)
        with ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler) as server:
            server.set_app(get_wsgi_application())
            Thread(target=server.serve_forever, daemon=True).start()
            yield Rooms(
                shop,
                f"http://127.0.0.1:{server.server_port}",
                client.cookies[settings.SESSION_COOKIE_NAME].value,
            )
            server.shutdown()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def visitor(rooms: Rooms, browser: Browser) -> Iterator[BrowserContext]:
    """The owner at a browser that speaks Japanese."""
    context = browser.new_context(locale="ja-JP")
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": rooms.session, "url": rooms.url}]
    )
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    page = visitor.new_page()
    yield page
    page.close()


def show(page: Page, *, width: int, scheme: str) -> None:
    """Lay the page out anew, so high that nothing has to float above something else."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 844})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(844, height)})


def enlarge_text(page: Page) -> CDPSession:
    """As somebody does who set the browser's own text to twice its size."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    return session


def is_page(answer: APIResponse) -> bool:
    """Whether there is a page to look at: not a file, a way elsewhere, or nothing for this visitor.

    What stands in a frame is part of the page around it: a mail, which runs no script, axe's
    neither, and a preview nobody can press.
    """
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    is_framed = "frame-ancestors 'self'" in answer.headers.get("content-security-policy", "")
    return answer.status == 200 and is_html and not is_framed


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(name: str, rooms: Rooms, page: Page) -> None:
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = rooms.url + rooms.shop.address(name)
    answer = page.request.get(address, max_redirects=0)
    if not is_page(answer):
        return
    page.goto(address)

    show(page, width=320, scheme="light")
    on_a_phone = [*wider_than_its_window(page), *axe(page)]
    show(page, width=390, scheme="light")
    on_a_larger_phone = wider_than_its_window(page)
    show(page, width=1280, scheme="dark")
    on_a_desk = [*wider_than_its_window(page), *axe(page, LOOKS)]
    show(page, width=390, scheme="dark")
    enlarge_text(page)
    with_large_text = wider_than_its_window(page)

    assert (on_a_phone, on_a_larger_phone, on_a_desk, with_large_text) == ([], [], [], [])
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_key_leads_past_the_navigation(width: int, rooms: Rooms, page: Page) -> None:
    show(page, width=width, scheme="light")
    page.goto(rooms.url + rooms.shop.address("customers"))

    page.keyboard.press("Tab")
    is_seen = page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert is_seen
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_on_a_phone_the_rest_of_the_sections_and_the_way_out_rise_without_a_script(
    rooms: Rooms, browser: Browser
) -> None:
    context = browser.new_context(
        locale="ja-JP", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": rooms.session, "url": rooms.url}]
    )
    page = context.new_page()
    page.goto(rooms.url + rooms.shop.address("customers"))
    hidden = page.get_by_text("ログアウト").is_visible()

    page.get_by_role("button", name="ほか").click()

    assert not hidden
    assert page.get_by_text("ログアウト").is_visible()
    assert page.get_by_role("button", name="English").is_visible()
    context.close()
