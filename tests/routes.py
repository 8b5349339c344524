"""Every address of the site, with what it takes to knock at its door.

`test_stranger.py` and `test_bad_input.py` go through all of them, so that a new address
without a case here fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, reverse

from crm.followups.models import Suggestion
from crm.ledger.enums import Kind
from crm.mail.tokens import unsubscribe_url
from crm.models import Work
from crm.shops.enums import Action
from crm.shops.models import Shop, User
from crm.shops.services import issue_api_key
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from surveys.enums import Occasion, SurveyKind
from surveys.inviting import answer_url, invite
from surveys.opening import open_invitation
from surveys.services import begin_survey, record_answer
from tests.factories import (
    NOON,
    make_customer,
    make_purchase,
    make_shop,
    make_touchpoint,
    make_user,
)

SECRET = "himitsu"


@dataclass(frozen=True)
class Case:
    """How an address is asked, and of whom it wants to know what: of a member that they may do
    `action`, of a machine its key, of a customer their link; of anybody else nothing."""

    action: Action | None = None
    wants_key: bool = False
    wants_link: bool = False
    method: str = "get"
    body: dict[str, str] = field(default_factory=dict)


READ = Case(Action.READ)
LINK = Case(wants_link=True)
KEY = Case(wants_key=True)
ANYBODY = Case()

CASES = {
    "home": ANYBODY,
    "login": Case(method="post", body={"username": "a@example.com", "password": "no"}),
    "logout": Case(method="post"),
    "password_change": Case(method="post", body={"old_password": "no"}),
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "mailbox": ANYBODY,
    "mailbox_mail": ANYBODY,
    "mailbox_html": ANYBODY,
    "shop": READ,
    "today": READ,
    "retry": Case(Action.WORK, method="post"),
    "customers": READ,
    "customer": READ,
    "mails": READ,
    "settings": Case(Action.OWN, method="post", body={"name": "Taken over", "locale": "en"}),
    "surveys": READ,
    "survey": READ,
    "survey_new": Case(Action.SET_UP, method="post", body={"kind": "nps"}),
    "survey_waits": Case(
        Action.SET_UP, method="post", body={"days_after_delivery": "1", "days_after_order": "1"}
    ),
    "survey_switch": Case(Action.SET_UP, method="post", body={"to": "off"}),
    "survey_judge": Case(Action.WORK, method="post", body={"counts": "no"}),
    "answer": Case(wants_link=True, method="post", body={"score": "0", "words": "Taken over"}),
    "answer_thanks": LINK,
    "answer_renew": Case(wants_link=True, method="post"),
    "answer_privacy": LINK,
    "unsubscribe": Case(wants_link=True, method="post"),
    "api_customers": KEY,
    "api_stages": KEY,
}


@dataclass(frozen=True)
class Furnished:
    """A shop with at least one row of everything, and what its addresses are made of."""

    shop: Shop
    owner: User
    words: dict[str, Any]  # by the names the addresses use
    links: dict[str, str]  # the tokens of links, by the first word of their path
    key: str

    def address(self, name: str, **instead: Any) -> str:
        """The address of this name with the shop's own ids, or with others instead."""
        pattern = PATTERNS[name]
        door = str(pattern.pattern).partition("/")[0]
        words = self.words | {"token": self.links.get(door, "")} | instead
        return reverse(name, kwargs={word: words[word] for word in pattern.pattern.converters})


def furnish(slug: str, secret: str) -> Furnished:
    """A shop with a row of everything; `secret` stands in whatever its customers said."""
    owner = make_user(f"owner@{slug}.example")
    shop = make_shop(slug, owner=owner)
    with tenant(shop):
        customer = make_customer(shop, name=secret, kana=secret, email=f"{secret}@example.com")
        purchase = make_purchase(customer, external_id=secret)
        make_touchpoint(
            customer,
            Kind.LETTER,
            text=f"{secret} とてもおいしくて、家族みんなで毎朝いただいています。",
        )
        survey = begin_survey(shop=shop, kind=SurveyKind.ORDER, at=NOON)
        invitation = invite(
            version=survey.versions.get(),
            occasion=Occasion.EXPECTATION,
            purchase=purchase,
            shop=shop,
            now=NOON,
        )
        opened = open_invitation(shop.pk, invitation.pk, lock=True)
        assert opened is not None
        record_answer(opened=opened, score=8, words=secret, at=NOON, zone=shop.zone, signals=[])
        response = invitation.response
        assessment = reassess(customer=customer, now=NOON)
        assert assessment is not None
        Suggestion.objects.create(
            shop=shop, customer=customer, play="landing.rest", spell_from_on=assessment.stage_since
        )
        Work.objects.filter(shop=shop).update(parked_at=NOON, last_error=secret)
        _row, key = issue_api_key(shop=shop, name=secret)
    return Furnished(
        shop,
        owner,
        words={
            "slug": shop.slug,
            "customer_id": customer.pk,
            "work_id": Work.objects.filter(shop=shop).latest("pk").pk,
            "survey_id": survey.pk,
            "response_id": response.pk,
            "key": _mail_in_mailbox(),
        },
        links={
            "a": answer_url(invitation).split("/")[-2],
            "u": unsubscribe_url(customer).split("/")[-2],
        },
        key=key,
    )


@contextmanager
def neighbours() -> Iterator[tuple[Furnished, Furnished]]:
    """Two furnished shops, committed, so that the owner role sees them; then an empty database.

    Both have the same people, orders and answers, but for the secret in the second one's.
    """
    try:
        yield furnish("otonari", "ours"), furnish("yosono", SECRET)
    finally:
        call_command("flush", interactive=False, verbosity=0)


def url_patterns() -> Iterator[URLPattern]:
    """Every address of the site."""
    waiting = list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLPattern):
            yield entry
        else:
            waiting.extend(entry.url_patterns)


PATTERNS = {pattern.name: pattern for pattern in url_patterns()}


def _mail_in_mailbox() -> str:
    message = EmailMessage()
    message["Subject"] = "ご感想をお聞かせください"
    message.set_content("本文")
    message.add_alternative("<html><head></head><body><p>本文</p></body></html>", subtype="html")
    folder = settings.MAILBOX / "new"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1.mail").write_bytes(message.as_bytes())
    return "1.mail"
