"""A passkey is made on this device, and signs in without a password; with a key of Chromium's own.

Asked for at localhost, for a browser makes no passkey for a bare number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from tests.browser.axe import axe
from tests.browser.people import let_in, session_of, signed_in
from tests.browser.serving import serving
from tests.factories import make_shop, make_user

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("passkeys")]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True)
class Rooms:
    """A shop behind a real port, and its owner's session."""

    url: str
    session: str


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        owner = make_user("miura@otonari.example")
        make_shop("otonari", owner=owner)
        with serving() as url:
            yield Rooms(url.replace("127.0.0.1", "localhost"), session_of(signed_in(owner)))
        call_command("flush", interactive=False, verbosity=0)


def test_a_passkey_is_made_signs_in_and_proves_who_it_is(
    rooms: Rooms, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    let_in(page, rooms.url, rooms.session)

    page.goto(f"{rooms.url}/account/second/passkeys/new/")
    page.locator("main [name=name]").fill("店のスマートフォン")
    with page.expect_navigation():
        page.locator("passkey-form .button-main").click()
    page.goto(f"{rooms.url}/account/second/")
    expect(page.locator("main")).to_contain_text("店のスマートフォン")

    page.context.clear_cookies()
    page.goto(f"{rooms.url}/login/")
    page.locator("passkey-form button").click()
    page.wait_for_url(f"{rooms.url}/")
    expect(page.locator("main")).to_contain_text("おとなり茶舗")

    page.goto(f"{rooms.url}/account/again/passkey/?next=/account/second/")
    assert axe(page) == []
    page.locator("passkey-form .button-main").click()
    page.wait_for_url(f"{rooms.url}/account/second/")
