"""What a keyboard alone can reach."""

from playwright.sync_api import Page

MOST = 100  # stops of Tab on one page


def tab_to(page: Page, what: str) -> None:
    """Press Tab until the focus stands there."""
    for _ in range(MOST):
        if page.locator(f":is({what}):focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{what} cannot be reached by keyboard at {page.url}")
