"""What can be found by machine of whether everybody can use a page: axe-core, and its width."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# WCAG 2.2 A and AA, and what axe calls best practice.
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another width or scheme can change; a tenth of the time.
LOOKS = ["color-contrast", "target-size", "region", "scrollable-region-focusable"]

# A mail in its frame is its own page.
RUN = """
async (runOnly) => {
  const options = {runOnly, resultTypes: ["violations"], iframes: false};
  const {violations} = await axe.run(document, options);
  const why = ({any, all, none}) => [...any, ...all, ...none].map(({message}) => message);
  return violations.flatMap(({id, nodes}) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${why(node).join("; ")}`));
}
"""

# How far the page reaches beyond the window, and the elements that stick out (they may scroll
# within a frame of their own, as wide tables do). A chart takes a moment to follow its window.
WIDER = """
async () => {
  let over = 1;
  for (let looks = 0; looks < 30 && over > 0; looks += 1) {
    if (looks) await new Promise((again) => setTimeout(again, 100));
    over = document.documentElement.scrollWidth - innerWidth;
  }
  if (over <= 0) return [];
  const scrolls = (one) => one && one !== document.documentElement
    && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  const sticksOut = (one) => one.getBoundingClientRect().right > innerWidth + 1;
  const culprits = [...document.body.querySelectorAll("*")]
    .filter((one) => sticksOut(one) && !scrolls(one.parentElement))
    .slice(0, 5).map((one) => `${one.tagName}.${one.className}`);
  return [`${over} px too wide: ${culprits.join(", ")}`];
}
"""


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def axe(page: Page, rules: list[str] = EVERYTHING) -> list[str]:
    """The faults axe finds on the page as it is shown now: rule, element, reason."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_script())  # the page's own policy would refuse a script element
    found: list[str] = page.evaluate(RUN, rules)
    return found


def wider_than_its_window(page: Page) -> list[str]:
    """What makes the page scroll sideways; nothing when it does not."""
    found: list[str] = page.evaluate(WIDER)
    return found
