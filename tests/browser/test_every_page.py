"""Every page of the site, on a phone and on a desk, in both schemes: usable by everybody.

The pages are those of the resolver (tests/routes.py), so that a new one cannot be forgotten. On
the way the browser itself is heard: what its policy refused, what it missed, what went wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import APIResponse, BrowserContext, ConsoleMessage, Page, Request
from pytest_django import DjangoDbBlocker

from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url, invite
from surveys.services import begin_survey
from tests.browser.axe import LOOKS, axe, wider_than_its_window
from tests.browser.people import WHO, guest, let_in, owner, passkey, session_of
from tests.browser.serving import serving
from tests.factories import NOON, make_customer, make_purchase
from tests.routes import CASES, Furnished, furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

LONG = "yamaguchi-kayo-with-a-name-longer-than-any-phone-is-wide"
PAGES = sorted(name for name, case in CASES.items() if not case.wants_key)

#: Doors, and what is looked at elsewhere: only the way on is to be seen.
LEAD_ON = {
    "shop",  # to the day's work
    "quiz_resume",  # to the question one had come to
    "mfa_login_webauthn",  # asked by a script only, as test_passkeys.py does
    "mfa_reauthenticate_webauthn",  # wants a real passkey; see test_passkeys.py
}

#: Pages in another state than the one in which their bare address shows them.
STATES = {
    "customers, nobody found": ("customers", "?q=nobody"),
    "suggestions, none of this state": ("suggestions", "?state=sent"),
    "today, in English": ("today", "?lang=en"),
    "customer, in English": ("customer", "?lang=en"),
    "figures, in English": ("figures", "?lang=en"),
    "quiz, in English": ("quiz", "?lang=en"),
    "quiz_question, in English": ("quiz_question", "?lang=en"),
    "quiz_result, in English": ("quiz_result", "?lang=en"),
}


@dataclass(frozen=True)
class Rooms:
    """A furnished shop behind a real port, and everybody's session."""

    shop: Furnished
    url: str
    passkey: int
    unanswered: str  # the way to a question that waits for its answer
    sessions: dict[Callable[[], Client], str]

    def address(self, name: str) -> str:
        instead = {"pk": self.passkey} if "webauthn" in name else {}
        return self.url + self.shop.address(name, **instead)


@dataclass
class Visit:
    """Somebody at a browser, and what the browser complained of since it was last asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._miss)

    def go(self, address: str) -> None:
        self.complaints.clear()
        self.page.goto(address)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":  # a breach of the policy, an error, a file that was not found
            self.complaints.append(said.text)

    def _miss(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page before was left meanwhile
            self.complaints.append(f"{request.failure}: {request.url}")


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        shop = furnish("otonari", LONG)
        sessions = {who: session_of(who()) for who in {owner, guest, *WHO.values()}}
        with serving() as url:
            yield Rooms(shop, url, passkey(), _unanswered(shop), sessions)
        call_command("flush", interactive=False, verbosity=0)


def _unanswered(shop: Furnished) -> str:
    with tenant(shop.shop):
        survey = begin_survey(shop=shop.shop, kind=SurveyKind.NPS, at=NOON)
        invitation = invite(
            version=survey.versions.get(),
            occasion=Occasion.NPS,
            purchase=make_purchase(make_customer(shop.shop)),
            shop=shop.shop,
            now=timezone.now(),
        )
    return answer_url(invitation).removeprefix(settings.BASE_URL)


@pytest.fixture(scope="module")
def visit(rooms: Rooms, new_context: Callable[..., BrowserContext]) -> Callable[..., Visit]:
    """Somebody at their browser, which speaks Japanese; the same one each time."""
    visits: dict[Callable[[], Client], Visit] = {}

    def visit(who: Callable[[], Client] = owner) -> Visit:
        if who not in visits:
            page = new_context(reduced_motion="reduce").new_page()
            let_in(page, rooms.url, rooms.sessions[who])
            visits[who] = Visit(page)
        return visits[who]

    return visit


def show(page: Page, *, width: int, scheme: str) -> None:
    """Lay the page out anew, so high that nothing has to float above something else."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 844})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(844, height)})


def set_text(page: Page, size: int) -> None:
    """As somebody does who sets the browser's own text to a size; 16 is the usual one."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size - 3}})
    session.detach()


def is_page(answer: APIResponse) -> bool:
    """Whether there is a page to look at: not a file, nor an address for forms alone.

    What stands in a frame is part of the page around it: a mail, which runs no script, axe's
    neither, and a preview nobody can press.
    """
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    is_framed = "frame-ancestors 'self'" in answer.headers.get("content-security-policy", "")
    return is_html and not is_framed and answer.status != 405


def faults(page: Page) -> dict[str, list[str]]:
    """What hinders somebody at the page that is open, by where they are."""
    show(page, width=320, scheme="light")
    on_a_phone = [*wider_than_its_window(page), *axe(page)]
    show(page, width=1280, scheme="dark")
    on_a_desk = [*wider_than_its_window(page), *axe(page, LOOKS)]
    show(page, width=390, scheme="light")
    on_a_larger_phone = wider_than_its_window(page)
    set_text(page, 32)
    in_large_text = wider_than_its_window(page)
    set_text(page, 16)
    found = {
        "on a phone": on_a_phone,
        "on a desk in the dark": on_a_desk,
        "on a larger phone": on_a_larger_phone,
        "in text twice as large": in_large_text,
    }
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(name: str, rooms: Rooms, visit: Callable[..., Visit]) -> None:
    visitor = visit(WHO.get(name, owner))
    address = rooms.address(name)
    answer = visitor.page.request.get(address, max_redirects=0)
    if name in LEAD_ON:
        assert answer.status in {302, 303}
        return
    if not is_page(answer):
        return
    assert answer.status == 200, answer.headers.get("location")

    visitor.go(address)

    assert faults(visitor.page) == {}
    assert visitor.complaints == []


@pytest.mark.parametrize("state", STATES)
def test_everybody_can_use_the_page_in_other_states(
    state: str, rooms: Rooms, visit: Callable[..., Visit]
) -> None:
    name, query = STATES[state]
    visitor = visit()

    visitor.go(rooms.address(name) + query)

    assert faults(visitor.page) == {}
    assert visitor.complaints == []


def test_everybody_can_answer(rooms: Rooms, visit: Callable[..., Visit]) -> None:
    visitor = visit(guest)

    visitor.go(rooms.url + rooms.unanswered)

    assert visitor.page.locator("[name=score]").count() == 11
    assert faults(visitor.page) == {}
    assert visitor.complaints == []


@pytest.mark.parametrize("who", [owner, guest])
def test_everybody_can_read_that_there_is_no_such_page(
    who: Callable[[], Client], rooms: Rooms, visit: Callable[..., Visit]
) -> None:
    visitor = visit(who)

    visitor.go(f"{rooms.url}/shops/otonari/nothing-here/")

    assert faults(visitor.page) == {}
    assert [said for said in visitor.complaints if "404" not in said] == []


@pytest.mark.parametrize(
    "name",
    ["customer_new", "note", "import_new", "new_shop", "password_change", "settings"],
)
def test_everybody_can_read_what_is_to_be_mended_in_a_form(
    name: str, rooms: Rooms, visit: Callable[..., Visit]
) -> None:
    visitor = visit()
    visitor.go(rooms.address(name))
    form = visitor.page.locator("main form[method=post]").first

    form.evaluate(
        "form => { form.querySelectorAll('input:not([type=hidden]), textarea').forEach("
        "(one) => { one.value = ''; }); form.submit(); }"
    )
    visitor.page.locator("[aria-invalid=true]").first.wait_for()

    assert faults(visitor.page) == {}
    assert [said for said in visitor.complaints if "422" not in said] == []


@pytest.mark.parametrize(
    ("deed", "event", "said"),
    [
        ("document.body.setAttribute('style', 'color: red')", "console", "Security Policy"),
        ("new Image().src = 'https://elsewhere.example/'", "requestfailed", "csp"),
        ("new Image().src = '/nothing-here/'", "console", "404"),
        ("setTimeout(() => { throw new Error('broken') })", "pageerror", "broken"),
    ],
)
def test_what_the_browser_complains_of_is_heard(
    deed: str, event: str, said: str, rooms: Rooms, visit: Callable[..., Visit]
) -> None:
    visitor = visit(guest)
    visitor.go(f"{rooms.url}/login/")

    with visitor.page.expect_event(event):
        visitor.page.evaluate(f"() => {{ {deed}; }}")

    assert [complaint for complaint in visitor.complaints if said in complaint]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_key_leads_past_the_navigation(
    width: int, rooms: Rooms, visit: Callable[..., Visit]
) -> None:
    page = visit().page
    show(page, width=width, scheme="light")
    page.goto(rooms.address("customers"))

    page.keyboard.press("Tab")
    is_seen = page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert is_seen
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_on_a_phone_the_rest_of_the_sections_and_the_way_out_rise_without_a_script(
    rooms: Rooms, open_page: Callable[..., Page]
) -> None:
    page = open_page(java_script_enabled=False)
    let_in(page, rooms.url, rooms.sessions[owner])
    page.goto(rooms.address("customers"))
    hidden = page.get_by_text("ログアウト").is_visible()

    page.get_by_role("button", name="ほか").click()

    assert not hidden
    assert page.get_by_text("ログアウト").is_visible()
    assert page.get_by_role("button", name="English").is_visible()
