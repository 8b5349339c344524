"""Pictures of the real thing, so that the documents never lie: taken from a running demo shop.

`script/pictures [ADDRESS]`. Nothing is pressed but links, and nothing is changed.
"""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from horetsu_site.demo import entrance
from script.palette import with_palette

ROOT = Path(__file__).resolve().parent.parent
LANDING = ROOT / "horetsu_site" / "static" / "pictures"
STAFF = ROOT / "docs" / "staff" / "pictures"
SHOP = f"/shops/{entrance.SLUG}"
LANGUAGES = {"ja": "ja-JP", "en": "en-GB"}
FIND = f"{SHOP}/customers/?q="
PERSON = r"/customers/\d+/"
WIDTH = 780
NEAR_WIDTH, NEAR = 624, 1.25  # so many times larger, that is as wide as the others
MARGIN = 20
BAR = 80  # more than the height of the bar of the telephone
SETTLES = 700  # milliseconds, until a chart is drawn in its new size


@dataclass(frozen=True)
class Picture:
    """A page, the links one follows from it (by their address), and what lies at its top.

    The bar of the telephone, which lies at the bottom of the screen, is left out.
    """

    name: str
    folder: Path
    path: str
    follow: tuple[str, ...] = ()
    top: str = ""  # a selector; empty: the beginning of the page
    height: int = 640
    is_near: bool = False  # for a place narrower than the picture, as on the landing page


PICTURES = (
    Picture("today", LANDING, f"{SHOP}/today/", height=512, is_near=True),
    Picture(
        "figures",
        LANDING,
        f"{SHOP}/figures/",
        top="section[aria-labelledby=by-stage]",
        height=512,
        is_near=True,
    ),
    Picture("today", STAFF, f"{SHOP}/today/", height=900),
    Picture(
        "reply",
        STAFF,
        f"{FIND}山口 佳代",
        (PERSON, r"/suggestions/\d+/"),
        height=1240,
    ),
    Picture("customer", STAFF, f"{FIND}小山 静香", (PERSON,), height=900),
    Picture("figures", STAFF, f"{SHOP}/figures/", height=900),
    Picture(
        "complaint",
        STAFF,
        f"{FIND}大野 健",
        (PERSON, r"/complaints/\d+/"),
        height=900,
    ),
    Picture("survey", STAFF, f"{SHOP}/surveys/1/", height=860),
)


def main(base: str) -> None:
    """Take all of them, in each language."""
    with sync_playwright() as playwright:
        for language, locale in LANGUAGES.items():
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM"),
            )
            for is_near in (False, True):
                page = _signed_in(browser, base, locale, NEAR if is_near else 1)
                for picture in PICTURES:
                    if picture.is_near == is_near:
                        _take(page, picture, base, language)
            browser.close()


def _signed_in(browser: Browser, base: str, locale: str, scale: float) -> Page:
    context = browser.new_context(locale=locale, color_scheme="light", device_scale_factor=scale)
    page = context.new_page()
    page.goto(f"{base}/login/")
    page.fill("input[name=login]", entrance.EMAIL)
    page.fill("input[name=password]", entrance.PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"(?!.*/login/)"))
    return page


def _take(page: Page, picture: Picture, base: str, language: str) -> None:
    width = NEAR_WIDTH if picture.is_near else WIDTH
    page.set_viewport_size({"width": width, "height": picture.height})
    _open(page, base, picture.path, language)
    for link in picture.follow:
        addresses = page.eval_on_selector_all("main a", "each => each.map(one => one.pathname)")
        _open(page, base, next(each for each in addresses if re.search(f"{link}$", each)), language)
    above = 0
    if picture.top and (box := page.locator(picture.top).first.bounding_box()):
        above = round(box["y"]) - MARGIN
    page.set_viewport_size({"width": width, "height": above + picture.height + BAR})
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(SETTLES)
    part = {"x": 0, "y": above, "width": width, "height": picture.height}
    file = picture.folder / f"{picture.name}.{language}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(with_palette(page.screenshot(clip=part, animations="disabled")))
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB")


def _open(page: Page, base: str, path: str, language: str) -> None:
    mark = "&" if "?" in path else "?"
    response = page.goto(f"{base}{path}{mark}lang={language}", wait_until="networkidle")
    if response is None or not response.ok:
        raise SystemExit(f"{path} does not answer: is the demo shop running at {base}?")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
