import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.site import Site, running_site

NAMES = ("chromium", "chromium-browser", "google-chrome")

# A busy machine is slow, and nothing here asks how long anything takes.
PATIENCE = 60_000.0  # milliseconds
expect.set_options(timeout=PATIENCE)


def chromium() -> str | None:
    """The Chromium of this machine, or the one that CHROMIUM names."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


# Not for the whole session: while Playwright runs it keeps an event loop in this thread, in
# which Django lets no other test use the database.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("site")
    with running_site(home) as site:
        yield site


@pytest.fixture(scope="module")
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Another browser of one's own: its cookies, language, width."""
    contexts = []

    def new_context(*, locale: str = "ja-JP", **kwargs: object) -> BrowserContext:
        context = browser.new_context(locale=locale, **kwargs)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context

    yield new_context
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """A new person at a browser, by default one on a phone."""
    pages = []

    def open_page(*, width: int = 390, **kwargs: object) -> Page:
        pages.append(new_context(viewport={"width": width, "height": 844}, **kwargs).new_page())
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()
