"""A shop owner has a survey running in six interactions, with a look at all that will happen."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

MOST = 6


@dataclass
class Hand:
    """Counts what is pressed or tapped."""

    times: int = 0

    def press(self, what: Locator) -> None:
        self.times += 1
        what.click()


@pytest.mark.parametrize(
    ("locale", "width", "question", "mail", "begun"),
    [
        ("ja-JP", 390, "届く商品は、どのくらい良いと思いますか", "このたびはご注文を",
         "これからのご注文について、おうかがいします。"),
        ("en-GB", 1280, "How good do you think your order will be?", "Thank you for your order.",
         "Orders placed from now on will be asked about."),
    ],
    ids=["a phone in Japanese", "a desk in English"],
)  # fmt: skip
def test_from_the_surveys_page_to_a_running_survey_in_six_interactions(
    site: Site,
    open_page: Callable[..., Page],
    locale: str,
    width: int,
    question: str,
    mail: str,
    begun: str,
) -> None:
    page = open_page(locale=locale, width=width)
    slug = _owner_of_a_new_shop(page, site, language=locale[:2])
    page.goto(f"{site.url}/shops/{slug}/surveys/")
    hand = Hand()

    hand.press(page.locator("form:has([name=kind][value=order]) button"))
    expect(page.locator("#outlook")).to_be_visible()
    expect(page.locator("main")).to_contain_text(question)
    hand.press(page.locator("a[href$='/preview/']"))
    expect(page.frame_locator(".preview-mail").locator("body")).to_contain_text(mail)
    expect(page.frame_locator(".preview-phone").locator("h1")).to_have_text(question)
    hand.press(page.locator("summary"))
    expect(page.locator(".preview-text")).to_contain_text(mail)
    hand.press(page.locator(".page-head a"))
    hand.press(page.locator("[name=to][value=on]"))

    expect(page.locator("[role=status]")).to_contain_text(begun)
    expect(page.locator("[name=to][value=off]")).to_be_visible()
    assert hand.times <= MOST


def _owner_of_a_new_shop(page: Page, site: Site, *, language: str) -> str:
    """Signed in; the word of the shop in its addresses."""
    slug = f"survey-{language}"
    said = site.manage(
        "create_shop", slug, "--name", "おとなり茶舗", "--timezone", "Asia/Tokyo",
        "--owner", f"owner@{slug}.example", "--locale", language,
    )  # fmt: skip
    page.goto(f"{site.url}/login/")
    page.fill("[type=email]", f"owner@{slug}.example")
    page.fill("[type=password]", said.split()[-1])
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)
    return slug
