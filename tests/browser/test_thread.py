"""The main job from end to end: an order comes in, the customer answers from a mail, the
stage moves, a suggestion appears. Real browser, real processes, real mail."""

import csv
import mailbox
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from crm.followups.plays import BY_KEY
from crm.ledger.enums import Kind
from crm.shops.zones import zones
from tests.browser.site import Site, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PHONE, DESK = 390, 1280
TRIES = count(1)  # each opens shops of its own


@dataclass(frozen=True)
class Tale:
    """One language's people and words."""

    language: str
    locale: str
    slug: str
    shop: str
    customer: str
    email: str
    hopes: str
    words: str
    stage: str
    thanks: str


TALES = [
    Tale(
        language="ja",
        locale="ja-JP",
        slug="thread-ja",
        shop="おとなり茶舗",
        customer="山口 佳代",
        email="kayo@example.com",
        hopes="楽しみにしています。",
        words="急須の注ぎ口がとても使いやすく、毎朝のお茶が楽しみになりました。",
        stage="共感",
        thanks="ありがとう",
    ),
    Tale(
        language="en",
        locale="en-GB",
        slug="thread-en",
        shop="Next Door Tea",
        customer="Mary Field",
        email="mary@example.com",
        hopes="Looking forward to it.",
        words="The teapot pours so well that I look forward to my morning tea every day.",
        stage="Empathy",
        thanks="Thank you",
    ),
]


def test_from_an_order_to_a_suggestion_in_both_languages(
    site: Site, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    number = next(TRIES)
    tales = [
        replace(tale, slug=f"{tale.slug}-{number}", email=f"{number}.{tale.email}")
        for tale in TALES
    ]
    desks = {}
    for tale in tales:
        desks[tale] = open_page(locale=tale.locale, width=DESK)
        _sign_in(desks[tale], site, tale, password=_open_shop(site, tale))
        _begin_both_surveys(desks[tale], site, tale)
        _import(site, tale, tmp_path, days_ago=0, delivered_at="")

    site.let_days_pass(1)
    for tale in tales:
        invitation = _wait_for_mail(site, tale, 1)
        _answer(open_page(locale=tale.locale, width=PHONE), invitation, 6, tale.hopes, tale)
        _import(site, tale, tmp_path, days_ago=1, delivered_at=datetime.now(UTC).isoformat())

    site.let_days_pass(8)
    for tale in tales:
        invitation = _wait_for_mail(site, tale, 2)
        _answer(open_page(locale=tale.locale, width=PHONE), invitation, 10, tale.words, tale)
        _open_customer(desks[tale], site, tale)
        _reload_until(desks[tale], tale.stage)
        with translation.override(tale.language):
            suggested = str(BY_KEY["empathy.answer"].title)
        expect(desks[tale].locator("main")).to_contain_text(suggested)
        expect(desks[tale].locator("main")).to_contain_text(tale.words)

    site.let_days_pass(15)  # three weeks after the delivery
    for tale in tales:
        invitation = _wait_for_mail(site, tale, 3)
        _answer(open_page(locale=tale.locale, width=PHONE), invitation, 9, tale.hopes, tale)
        with translation.override(tale.language):
            kind = str(Kind.NPS.label)
        _reload_until(desks[tale], kind)


def _open_shop(site: Site, tale: Tale) -> str:
    said = site.manage(
        "create_shop", tale.slug, "--name", tale.shop, "--timezone", _zone_where_it_is_noon(),
        "--owner", f"owner@{tale.slug}.example", "--locale", tale.language,
    )  # fmt: skip
    return said.split()[-1]


def _zone_where_it_is_noon() -> str:
    """A zone by day, because mails wait for the morning."""
    return next(zone for zone in zones() if datetime.now(ZoneInfo(zone)).hour == 13)


def _sign_in(page: Page, site: Site, tale: Tale, *, password: str) -> None:
    page.goto(f"{site.url}/login/")
    page.fill("[name=login]", f"owner@{tale.slug}.example")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def _begin_both_surveys(page: Page, site: Site, tale: Tale) -> None:
    for kind in ("order", "nps"):
        page.goto(f"{site.url}/shops/{tale.slug}/surveys/")
        page.locator(f"form:has([name=kind][value={kind}]) button").click()
        page.wait_for_url(re.compile(rf"/shops/{tale.slug}/surveys/\d+/"))
        page.locator("[name=to][value=on]").click()
        expect(page.locator("[name=to][value=off]")).to_be_visible()


def _import(site: Site, tale: Tale, folder: Path, *, days_ago: int, delivered_at: str) -> None:
    """The shop's order file, as it stands today."""
    path = folder / "orders.csv"
    ordered_at = datetime.now(UTC) - timedelta(days=days_ago)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["order_id", "customer_id", "email", "name", "ordered_at", "total", "delivered_at"]
        )
        writer.writerow(
            ["1001", "7", tale.email, tale.customer, ordered_at.isoformat(), "5400", delivered_at]
        )
    site.manage("import_csv", "--shop", tale.slug, "--kind", "orders", str(path))


def _wait_for_mail(site: Site, tale: Tale, count: int) -> EmailMessage:
    """The customer's mail number `count`."""

    def mails() -> list[EmailMessage]:
        box = mailbox.Maildir(site.home / "mailbox", factory=None, create=False)
        found = [message.as_bytes() for message in box]
        parsed = [message_from_bytes(raw, policy=modern) for raw in found]
        return [mail for mail in parsed if tale.email in str(mail["To"])]  # type: ignore[misc]

    wait_until(lambda: len(mails()) >= count, site.mails_and_work)
    assert len(mails()) == count
    return max(mails(), key=lambda mail: mail["Date"].datetime)


def _answer(page: Page, mail: EmailMessage, score: int, words: str, tale: Tale) -> None:
    """Tap a number in the mail, look at the page for a moment, and send."""
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    link = re.search(rf'href="([^"]+score={score})"', html)
    assert link, html
    page.goto(link[1].replace("&amp;", "&"))
    assert page.locator(f"[name=score][value='{score}']").is_checked()
    expect(page.locator("html")).to_have_attribute("lang", tale.language)
    if words:
        folded = page.locator("details:has([name=words]):not([open]) > summary")
        if folded.count():  # an Observer is not asked for words
            folded.click()
        page.fill("[name=words]", words)
    page.wait_for_timeout(2500)  # a person reads; what comes faster is taken for a machine
    page.locator("main form button").click()
    expect(page.locator("h1")).to_contain_text(tale.thanks)


def _open_customer(page: Page, site: Site, tale: Tale) -> None:
    page.goto(f"{site.url}/shops/{tale.slug}/customers/")
    page.get_by_role("link", name=tale.customer).first.click()


def _reload_until(page: Page, text: str) -> None:
    def shows() -> bool:
        page.reload()
        return text in page.locator("main").inner_text()

    wait_until(shows, lambda: page.locator("main").inner_text())
