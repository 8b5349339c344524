"""A shop owner has a survey running in six interactions, with a look at all that will happen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pytest_django import DjangoDbBlocker

from tests.browser.people import let_in, session_of, signed_in
from tests.browser.serving import serving
from tests.factories import make_shop, make_user

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("survey")]

MOST = 6


@dataclass(frozen=True)
class Rooms:
    """A shop of each language behind a real port, and its owner's session."""

    url: str
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        sessions = {}
        for language in ("ja", "en"):
            owner = make_user()
            make_shop(f"survey-{language}", owner=owner, locale=language)
            sessions[language] = session_of(signed_in(owner))
        with serving() as url:
            yield Rooms(url, sessions)
        call_command("flush", interactive=False, verbosity=0)


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
    rooms: Rooms,
    open_page: Callable[..., Page],
    locale: str,
    width: int,
    question: str,
    mail: str,
    begun: str,
) -> None:
    language = locale[:2]
    page = open_page(locale=locale, width=width)
    let_in(page, rooms.url, rooms.sessions[language])
    page.goto(f"{rooms.url}/shops/survey-{language}/surveys/")
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
