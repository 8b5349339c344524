"""The quiz as somebody takes it: on a phone, by keyboard, without JavaScript."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from crm.tenancy.door import tenant
from diagnosis.content import Quiz, read_quiz, shipped
from diagnosis.models import Attempt
from diagnosis.rules import assess
from diagnosis.services import answer
from tests.browser.axe import axe, wider_than_its_window
from tests.browser.serving import serving
from tests.diagnosis.sheets import begun, open_version_of
from tests.diagnosis.test_rules import best_up_to
from tests.factories import NOON, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quiz")]

QUIZ: Quiz = read_quiz(shipped())


@dataclass(frozen=True)
class Rooms:
    """A shop whose quiz is open, behind a real port, and a result for each stage."""

    url: str
    results: list[str]


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        shop = make_shop("otonari")
        with tenant(shop):
            version = open_version_of(shop, "stage")
            results = []
            for stage in range(5):
                begun(version)
                attempt = Attempt.objects.filter(shop=shop).latest("pk")
                sheet = best_up_to(stage)
                if stage == 0:
                    sheet["registered"] = ["welcome", "how_to_stop", "discount"]
                for question in QUIZ.questions:
                    worst = min(question.options, key=lambda o: (o.points, bool(o.measure)))
                    answer(
                        attempt=attempt,
                        question=question,
                        chosen=sheet.get(question.id, [worst.id]),
                        now=NOON,
                    )
                assert attempt.stage == assess(QUIZ, attempt.answers).stage == stage
                results.append(f"/d/stage/result/{attempt.result}/")
        with serving() as url:
            yield Rooms(url, results)
        call_command("flush", interactive=False, verbosity=0)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_the_whole_quiz_without_javascript_and_by_keyboard(
    rooms: Rooms, open_page: Callable[..., Page]
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{rooms.url}/d/stage/")

    press(page, "診断をはじめる")
    for n in range(1, 25):
        page.locator(".choice input").first.focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="結果を見る" if n == 24 else "次へ", exact=True).focus()
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="はじめること")).to_be_visible()
    assert not page.context.cookies()


def test_somebody_who_chose_nothing_is_told_and_keeps_their_place(
    rooms: Rooms, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{rooms.url}/d/stage/")
    press(page, "診断をはじめる")

    press(page, "次へ")

    expect(page.get_by_text("いちばん近いものをお選びください。")).to_be_visible()
    expect(page.get_by_text("24問のうち1問め").first).to_be_visible()


@pytest.mark.parametrize("stage", range(5))
def test_every_result_can_be_used_by_everybody(
    rooms: Rooms, open_page: Callable[..., Page], stage: int
) -> None:
    page = open_page(width=320)
    page.goto(rooms.url + rooms.results[stage])

    assert axe(page) == []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert wider_than_its_window(page) == []


# The front page's own budget: what comes before pictures that load when they are seen.
HEAVIEST = 150_000


def test_the_front_page_is_light_and_does_not_move_while_it_loads(
    rooms: Rooms, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    sizes = []
    page.on("response", lambda response: sizes.append((response.url, len(response.body()))))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => {"
        "  for (const each of list.getEntries()) window.shift += each.value;"
        "}).observe({type: 'layout-shift', buffered: true});"
    )

    page.goto(rooms.url, wait_until="networkidle")

    assert sum(size for url, size in sizes if "/pictures/" not in url) < HEAVIEST
    assert page.evaluate("window.shift") == 0
