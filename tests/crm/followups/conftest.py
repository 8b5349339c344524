"""The cast of these tests: a shop that can write, a customer who wrote, and who works there."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.customers.models import Customer
from crm.followups.enums import Call
from crm.followups.letters import Letter
from crm.followups.models import Suggestion
from crm.followups.plays import BY_KEY
from crm.guard.models import GuardSettings
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.shops.enums import Role
from crm.shops.models import Shop, User
from crm.stages.models import Relationship
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_member, make_touchpoint
from tests.smtp_server import SmtpServer

WORDS = "ふたを開けたときの香りが、祖母の家の台所を思い出させてくれて、しばらく手が止まりました。"
LETTER = Letter(
    subject="おことばを、ありがとうございます",
    opening="お便りを、ゆっくり拝読しました。",
    personal="おばあさまの台所の香り、わたしにも思い出がございます。",
    closing="またいつか、お話をうかがえましたらうれしく思います。",
)


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}?timeout=1"
        yield server


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Our shop, which says who writes and from where, and knows no night."""
    shop.keeper_name, shop.postal_address = "三浦 紗季", "長野県松本市見本町1-2"
    shop.contact_email = "miura@otonari.example"
    shop.save()
    with tenant(shop):
        GuardSettings.objects.create(shop=shop, night_from=time(0), night_until=time(0))
    return shop


@pytest.fixture
def staff(shop: Shop) -> User:
    user = make_member(shop, Role.STAFF)
    user.name = "井上"
    user.save()
    return user


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """Somebody at Empathy, about whom nothing waits to be judged; to be asked for inside the
    shop's `tenant()`."""
    return person_at(2, shop)


def person_at(stage: int, shop: Shop, **kwargs: Any) -> Customer:
    customer = make_customer(shop, **kwargs)
    Relationship.objects.create(
        shop=shop, customer=customer, stage=stage, since_on=date(2026, 1, 1), peak=stage,
        orders=1, spent=0, gates={}, version="test",
    )  # fmt: skip
    return customer


def suggest(customer: Customer, play: str = "empathy.answer", **kwargs: Any) -> Suggestion:
    """An open suggestion of this play; for an answer, about a letter of yesterday."""
    what = BY_KEY[play]
    about = kwargs.pop("about", None)
    if what.is_answer and about is None:
        about = write_letter(customer)
    return Suggestion.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        play=play,
        rank=kwargs.pop("rank", Call(what.call)),
        about=about,
        spell_from_on=date(2026, 1, 1),
        expires_on=kwargs.pop("expires_on", timezone.now().date() + timedelta(days=20)),
        evidence={"on": "2026-01-01"},
        **kwargs,
    )


def write_letter(customer: Customer, **kwargs: Any) -> Touchpoint:
    at = timezone.now() - timedelta(days=1)
    return make_touchpoint(customer, Kind.LETTER, text=WORDS, at=at, **kwargs)
