"""What the tests of the answer pages share: invitations, and what a browser sends."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from crm.ledger.enums import Standing
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailState
from crm.mail.models import Mail
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from surveys import tokens
from surveys.inviting import PURPOSES, answer_url
from surveys.models import Invitation, Response
from tests.factories import make_customer
from tests.surveys.conftest import make_invitation

MINUTE = timedelta(minutes=1)
WORDS = "香りがとても良くて、母にも淹れてあげたいと思います。"


def invite(shop: Shop, **kwargs: Any) -> tuple[Invitation, str]:
    """An invitation mailed an hour ago, and the path of its link."""
    now = timezone.now()
    mail_sent_at = kwargs.pop("mail_sent_at", now - 60 * MINUTE)
    with tenant(shop):
        kwargs.setdefault("expires_at", now + timedelta(days=60))
        kwargs.setdefault("customer", make_customer(shop, name="山口 佳代"))
        invitation = make_invitation(shop, **kwargs)
        invitation.mail = Mail.objects.create(
            shop=shop, customer=invitation.customer, purchase=invitation.purchase,
            purpose=PURPOSES[invitation.occasion], to_address=invitation.customer.email,
            state=MailState.ACCEPTED, dedup_key=f"test:{invitation.pk}", due_at=now,
            expires_at=now, sending_since=mail_sent_at, accepted_at=mail_sent_at,
        )  # fmt: skip
        invitation.save()
    return invitation, path_of(invitation)


def path_of(invitation: Invitation) -> str:
    return answer_url(invitation).removeprefix(settings.BASE_URL)


def form(
    invitation: Invitation,
    score: str = "9",
    words: str = "",
    *,
    opened: timedelta = MINUTE,
    **more: str,
) -> dict[str, str]:
    """What a browser posts, from a page opened so long ago."""
    shown = tokens.stamp(invitation.pk, at=timezone.now() - opened)
    return {"score": score, "words": words, "homepage": "", "shown": shown, **more}


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found is not None
    return unescape(found[1])


def stored(shop: Shop) -> tuple[list[tuple[int, str]], list[Standing]]:
    """(score, words) of every response, and the standing of every fact."""
    with tenant(shop):
        responses = [(row.score, row.words) for row in Response.objects.order_by("pk")]
        standings = [Standing(fact.standing) for fact in Touchpoint.objects.order_by("pk")]
    return responses, standings
