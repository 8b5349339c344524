"""The day's list by keyboard alone: put off, taken back, noted as done, set aside, written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pytest_django import DjangoDbBlocker

from crm.tenancy.door import tenant
from tests.browser.keyboard import tab_to
from tests.browser.people import let_in, session_of, signed_in
from tests.browser.serving import serving
from tests.crm.followups.conftest import person_at, suggest
from tests.factories import make_shop, make_user

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("today")]

NAMES = ["佐伯 美和", "山口 佳代", "大野 健"]


@dataclass(frozen=True)
class Rooms:
    """A shop for each try, with three people to answer, and the session of their owner."""

    url: str
    session: str
    slugs: Iterator[str]


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        owner = make_user()
        shops = [make_shop(slug, owner=owner) for slug in ("otonari", "once-more")]
        for shop in shops:
            with tenant(shop):
                for name in NAMES:
                    suggest(person_at(2, shop, name=name), "empathy.answer")
        with serving() as url:
            slugs = iter([shop.slug for shop in shops])
            yield Rooms(url, session_of(signed_in(owner)), slugs)
        call_command("flush", interactive=False, verbosity=0)


def test_the_days_list_is_worked_through_by_keyboard_alone(
    rooms: Rooms, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=1280)
    let_in(page, rooms.url, rooms.session)
    page.goto(f"{rooms.url}/shops/{next(rooms.slugs)}/today/")
    first, second, _third = _names(page)
    keys = page.keyboard

    keys.press("j")
    expect(_task(page, first).locator("summary")).to_be_focused()
    keys.press("l")
    expect(_tasks(page)).to_have_count(2)
    tab_to(page, ".toast button")
    keys.press("Enter")
    expect(_tasks(page)).to_have_count(3)

    keys.press("j")
    keys.press("j")
    expect(_task(page, second)).not_to_have_attribute("open", "")
    keys.press("Enter")
    expect(_task(page, second)).to_have_attribute("open", "")
    keys.press("d")
    _confirm(page)
    expect(_tasks(page)).to_have_count(2)
    expect(_task(page, second)).to_have_count(0)

    keys.press("j")
    keys.press("x")
    page.wait_for_url("**/dismiss/**")
    tab_to(page, "main [name=reason]")
    keys.press("Space")
    _confirm(page)
    expect(_tasks(page)).to_have_count(1)

    keys.press("j")
    keys.press("w")
    expect(page.locator("main [name=personal]")).to_be_visible()
    tab_to(page, "main [name=personal]")
    keys.insert_text("縁側でお淹れになったのですね。")
    tab_to(page, "main form:has([name=personal]) button:not(.button-main)")
    keys.press("Enter")
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("main [name=personal]")).to_have_value("縁側でお淹れになったのですね。")


def _tasks(page: Page) -> Locator:
    return page.locator("[data-item]")


def _task(page: Page, name: str) -> Locator:
    return _tasks(page).filter(has_text=name)


def _names(page: Page) -> list[str]:
    """Who is on the list, from the top."""
    shown = _tasks(page).locator("summary").all_inner_texts()
    return [next(name for name in NAMES if name in text) for text in shown]


def _confirm(page: Page) -> None:
    """Press the one filled button, and be back at the list."""
    tab_to(page, "main .button-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
