"""Where it is promised, everything works in a browser that runs no script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url, invite
from surveys.services import begin_survey
from tests.browser.keyboard import tab_to
from tests.browser.people import let_in, session_of, signed_in
from tests.browser.serving import serving
from tests.factories import NOON, make_customer, make_purchase, make_shop, make_user

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("scripts")]


@dataclass(frozen=True)
class Rooms:
    """A shop with a question under way, behind a real port."""

    url: str
    answer: str
    session: str


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        owner = make_user()
        shop = make_shop("otonari", owner=owner)
        with tenant(shop):
            survey = begin_survey(shop=shop, kind=SurveyKind.NPS, at=NOON)
            invitation = invite(
                version=survey.versions.get(),
                occasion=Occasion.NPS,
                purchase=make_purchase(make_customer(shop, name="山口 佳代")),
                shop=shop,
                now=timezone.now(),
            )
        address = answer_url(invitation).removeprefix(settings.BASE_URL)
        with serving() as url:
            yield Rooms(url, url + address, session_of(signed_in(owner)))
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def page(rooms: Rooms, open_page: Callable[..., Page]) -> Page:
    return open_page(java_script_enabled=False)


def test_a_customer_answers_by_keyboard_and_leaves_no_cookie(rooms: Rooms, page: Page) -> None:
    page.goto(f"{rooms.answer}?score=8")

    expect(page.locator("[name=score][value='8']")).to_be_checked()
    tab_to(page, "[name=score][value='8']")
    page.keyboard.press("ArrowRight")
    tab_to(page, "main form .button-main")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("ありがとう")
    expect(page.locator("main .note")).to_contain_text("9")
    assert not page.context.cookies()


def test_a_survey_is_begun_and_switched_off(rooms: Rooms, page: Page) -> None:
    let_in(page, rooms.url, rooms.session)
    page.goto(f"{rooms.url}/shops/otonari/surveys/")

    page.locator("form:has([name=kind][value=order]) button").click()
    page.locator("[name=to][value=on]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.locator("[name=to][value=off]").click()

    expect(page.locator("[name=to][value=on]")).to_be_visible()
