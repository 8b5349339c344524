"""The custom elements, each on a small page of its own; no site behind them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("elements")]

ROOT = Path(__file__).resolve().parents[2]
ELEMENTS = ROOT / "horetsu_site" / "static" / "elements"
CHART = ROOT / "node_modules" / "chart.js" / "dist" / "chart.umd.min.js"
HERE = "http://shop.example/run/"


@pytest.fixture
def open_at(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """A page whose server gives these answers in turn, the last one for ever."""

    def open_at(answers: list[tuple[int, str]], *scripts: str) -> Page:
        page = open_page(timezone_id="Asia/Tokyo", width=1280)
        page.clock.install()
        waiting = list(answers)

        def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            if name.endswith(".js"):
                path = CHART if name == CHART.name else ELEMENTS / name
                route.fulfill(path=path, content_type="text/javascript")
                return
            status, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            tags = "".join(f"<script type=module src=/{script}></script>" for script in scripts)
            route.fulfill(
                status=status,
                content_type="text/html; charset=utf-8",
                body=f"<!doctype html><html lang=ja><head>{tags}</head><body>{body}</body></html>",
            )

        page.route("**/*", answer)
        page.goto(HERE)
        return page

    return open_at


def region(words: str, *, busy: bool) -> str:
    return f'<live-region id="run"{" busy" * busy}><p data-say>{words}</p></live-region>'


def test_a_busy_region_renews_itself_until_it_is_done(open_at) -> None:
    answers = [region(f"{n}件", busy=n < 3) for n in (1, 2, 3)]
    page = open_at([(200, answer) for answer in answers], "live-region.js")
    expect(page.locator("live-region")).to_have_text("1件")

    page.clock.run_for(2100)
    expect(page.locator("live-region")).to_have_text("2件")
    page.clock.run_for(2100)

    expect(page.locator("live-region")).to_have_text("3件")
    expect(page.locator("live-region:not([busy])")).to_have_count(1)
    expect(page.locator("[role=status]")).to_have_text("3件")


def test_a_region_outlives_a_server_that_is_away_for_a_moment(open_at) -> None:
    answers = [(200, region("1件", busy=True)), (503, "away"), (200, region("済み", busy=False))]
    page = open_at(answers, "live-region.js")

    page.clock.run_for(2100)
    expect(page.locator("live-region")).to_have_text("1件")
    page.clock.run_for(4100)

    expect(page.locator("live-region")).to_have_text("済み")


def test_where_the_page_has_become_another_one_goes_there(open_at) -> None:
    answers = [(200, region("1件", busy=True)), (200, "<h1>結果</h1>")]
    page = open_at(answers, "live-region.js")

    page.clock.run_for(2100)

    expect(page.get_by_role("heading")).to_have_text("結果")


def test_a_region_at_rest_asks_for_nothing(open_at) -> None:
    page = open_at([(200, region("済み", busy=False)), (200, "never")], "live-region.js")

    page.clock.run_for(60_000)

    expect(page.locator("live-region")).to_have_text("済み")


ITEM = """
<details data-item id="{id}"><summary>{id}</summary>
  <button data-key="t" onclick="said.textContent += '{id}'">お礼</button></details>
"""
LIST = f"""
<input id="name">
<keyboard-list>
  <button data-keys-open>?</button>
  <dialog><dl class="keys"></dl><input type="checkbox" data-keys-on>
    <form method="dialog"><button id="shut">close</button></form></dialog>
  {ITEM.format(id="one")}{ITEM.format(id="two")}
</keyboard-list>
<p id="said"></p>
"""


@pytest.fixture
def keys(open_at) -> Page:
    return open_at([(200, LIST)], "keyboard-list.js")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[data-item]')?.id ?? ''"))


def test_j_and_k_go_through_the_items_and_stop_at_the_ends(keys) -> None:
    walked = []
    for key in "jjjkk":
        keys.keyboard.press(key)
        walked.append(focused(keys))

    assert walked == ["one", "two", "two", "one", "one"]


def test_a_letter_presses_the_button_of_the_present_item_once_it_is_open(keys) -> None:
    keys.keyboard.press("t")
    keys.keyboard.press("j")
    keys.keyboard.press("j")
    keys.keyboard.press("t")  # still folded
    keys.keyboard.press("Enter")
    keys.keyboard.press("t")

    assert keys.locator("#said").text_content() == "two"


def test_no_key_is_taken_from_somebody_who_types_or_holds_ctrl(keys) -> None:
    keys.keyboard.press("Control+j")
    not_moved = focused(keys)
    keys.locator("#name").click()
    keys.keyboard.type("jt?")

    assert not_moved == ""
    assert keys.locator("#name").input_value() == "jt?"
    expect(keys.locator("dialog[open]")).to_have_count(0)


def test_the_keys_are_explained_and_can_be_switched_off(keys) -> None:
    keys.keyboard.press("?")
    explained = keys.locator(".keys").inner_text()
    keys.locator("[data-keys-on]").uncheck()
    keys.locator("#shut").click()
    keys.keyboard.press("j")
    moved_at_once = focused(keys) in {"one", "two"}
    keys.reload()
    keys.keyboard.press("j")

    assert "お礼" in explained
    assert not moved_at_once
    assert focused(keys) == ""


IS_PAINTED = """() => {
  const canvas = document.querySelector("canvas");
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some(Boolean);
}"""
SERIES = [
    {"name": "お答え", "tone": "ai", "values": [1, None], "low": [0, None], "high": [2, None]}
]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("lines", {"labels": ["9月", "10月"], "series": SERIES}),
        ("stack", {"labels": ["9月", "10月"], "series": SERIES}),
        ("band", {"labels": ["9月", "10月"], "series": SERIES, "low": -100, "high": 100}),
        ("band", {"labels": ["9月"], "series": SERIES, "low": -100, "high": 100}),
        ("radar", {"labels": ["品質", "価格"], "series": SERIES, "low": 0, "high": 10}),
        (
            "warmth",
            {
                "curve": [["2026-09-01", 1], ["2026-10-05", 3]],
                "events": [{"on": "2026-09-02", "value": 2, "what": "お手紙", "is_words": True}],
            },
        ),
    ],
)
def test_a_chart_is_drawn_for_the_eye_and_named_for_the_ear(open_at, kind, data) -> None:
    body = f"""<script id="figures" type="application/json">{json.dumps(data)}</script>
      <shop-chart kind="{kind}" data-from="figures" data-says="おおよそ1です"
        style="display: block; height: 200px; --ai: #123456; --ink: #000000"></shop-chart>"""
    failures: list[str] = []
    page = open_at([(200, body)], CHART.name, "shop-chart.js")
    page.on("pageerror", lambda error: failures.append(str(error)))

    expect(page.get_by_role("img", name="おおよそ1です")).to_be_visible()
    page.emulate_media(color_scheme="dark")

    expect(page.get_by_role("img")).to_have_count(1)
    page.wait_for_function(IS_PAINTED)
    assert failures == []


def test_a_moment_is_said_in_the_readers_own_zone(open_at) -> None:
    body = (
        "<local-time><time datetime='2026-11-20T15:30:00Z'>2026/11/20 15:30 UTC</time></local-time>"
    )

    page = open_at([(200, body)], "local-time.js")

    expect(page.locator("time")).to_have_text("2026/11/21 0:30")


def test_a_frame_is_as_high_as_the_mail_in_it(open_at) -> None:
    mail = '<p style="height: 1234px; margin: 0"></p>'
    body = f"<whole-frame><iframe srcdoc='{mail}'></iframe></whole-frame>"

    page = open_at([(200, body)], "whole-frame.js")

    expect(page.locator("iframe")).to_have_attribute("height", "1250")  # with the body's margin
