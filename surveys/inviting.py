"""Turn orders whose time has come into invitations, each with the mail that carries its link."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from crm.customers.models import Purchase
from crm.customers.selectors import language_of
from crm.guard.enums import Moment, Verdict
from crm.guard.services import ask
from crm.mail import services as mails
from crm.mail.enums import MailReason, Purpose
from crm.mail.models import Mail
from crm.mail.services import Words
from crm.mail.tokens import unsubscribe_url
from crm.shops.models import Shop
from surveys.enums import Occasion
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.selectors import FRESH, TOO_LATE, overtaken_expectations, purchases_to_ask
from surveys.tokens import Link, answer_token

LINK_LASTS = timedelta(days=60)
SLICE = 100  # invitations made in one transaction


def invite_due(*, shop: Shop, now: datetime) -> int:
    """Invite about the orders whose time has come, at most a slice; how many were invited."""
    call_off_overtaken(shop=shop)
    invited = 0
    for survey in Survey.objects.filter(shop=shop, switched_on_at__isnull=False):
        for occasion in survey.occasions:
            invited += _invite_about(survey, occasion, shop, now, limit=SLICE - invited)
    return invited


@transaction.atomic
def invite(
    *, version: SurveyVersion, occasion: Occasion, purchase: Purchase, shop: Shop, now: datetime
) -> Invitation:
    """Ask a customer about their order, by a mail that is sent when the guard allows it.

    The guard is asked now, so that staff see at once what will be held or refrained from,
    and once more when the mail is sent.
    """
    customer = purchase.customer
    assert customer is not None, "an order of nobody is not asked about"
    invitation = Invitation.objects.create(
        shop=shop,
        survey_id=version.survey_id,
        version=version,
        customer=customer,
        purchase=purchase,
        occasion=occasion,
        nonce=_new_nonce(),
        invited_at=now,
        expires_at=now + LINK_LASTS,
    )
    is_expectation = occasion == Occasion.EXPECTATION
    invitation.mail = mails.queue_mail(
        customer=customer,
        purpose=Purpose(occasion),
        purchase=purchase if occasion != Occasion.NPS else None,
        dedup_key=f"surveys.invitation:{invitation.pk}",
        due_at=now,
        expires_at=purchase.ordered_at + FRESH if is_expectation else now + TOO_LATE,
        words=_words(invitation, shop),
    )
    invitation.save(update_fields=["mail"])
    decision = ask(
        customer=customer,
        purpose=Purpose(occasion),
        purchase=invitation.mail.purchase,
        mail=invitation.mail,
        moment=Moment.PLANNING,
        now=now,
    )
    if decision.verdict == Verdict.BLOCK:
        mails.block(invitation.mail, reason=decision.reason)
    elif decision.until is not None:
        mails.hold(invitation.mail, until=decision.until, reason=decision.reason)
    return invitation


@transaction.atomic
def send_new_link(*, invitation_id: int, shop: Shop, now: datetime) -> None:
    """Mail a fresh link to the address we have, at most once a day; older links run out.

    Only the mailbox gets it: whoever pressed the button may hold a forwarded link.
    """
    key = f"surveys.new_link:{invitation_id}:{now.astimezone(shop.zone):%Y-%m-%d}"
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("customer", "version", "purchase")
        .get(shop=shop, pk=invitation_id)
    )
    if Mail.objects.filter(shop=shop, dedup_key=key).exists():
        return
    invitation.nonce = _new_nonce()
    invitation.expires_at = now + LINK_LASTS
    invitation.save(update_fields=["nonce", "expires_at"])
    mails.queue_mail(
        customer=invitation.customer,
        purpose=Purpose.NEW_LINK,
        dedup_key=key,
        due_at=now,
        expires_at=now + timedelta(days=1),
        words=_words(invitation, shop),
    )


def call_off_overtaken(*, shop: Shop) -> None:
    """Call off what would ask about an expectation after the parcel has come."""
    for invitation in overtaken_expectations(shop.pk):
        if invitation.mail is not None:
            mails.cancel(invitation.mail, reason=MailReason.PARCEL_CAME)


def answer_url(invitation: Invitation) -> str:
    """The address that opens this invitation, as it stands in a mail."""
    link = Link(invitation.shop_id, invitation.pk, invitation.nonce)
    return settings.BASE_URL + reverse("answer", args=[answer_token(link)])


def _invite_about(
    survey: Survey, occasion: Occasion, shop: Shop, now: datetime, *, limit: int
) -> int:
    version = SurveyVersion.objects.filter(shop=shop, survey=survey).latest("n")
    asked: set[int | None] = set()
    for purchase in purchases_to_ask(survey, occasion, now=now)[:limit]:
        # Two orders of one person may be due at once; the yearly question is asked about one.
        if occasion == Occasion.NPS and purchase.customer_id in asked:
            continue
        asked.add(purchase.customer_id)
        invite(version=version, occasion=occasion, purchase=purchase, shop=shop, now=now)
    return len(asked)


def _words(invitation: Invitation, shop: Shop) -> Words:
    """The letter in the customer's language, with days in the shop's zone."""
    url = answer_url(invitation)
    language = language_of(invitation.customer, shop.locale)
    purchase = invitation.purchase if invitation.occasion != Occasion.NPS else None
    context = {
        "shop": shop,
        "customer_name": invitation.customer.name,
        "occasion": invitation.occasion,
        "item": invitation.version.item(invitation.occasion, language),
        "rows": [
            [(number, f"{url}?score={number}") for number in numbers]
            for numbers in (range(6), range(6, 11))
        ],
        "answer_url": url,
        "unsubscribe_url": unsubscribe_url(invitation.customer),
        "privacy_url": shop.privacy_url or f"{url}privacy/",
        "ordered_on": purchase.ordered_at if purchase else None,
    }
    with translation.override(language), timezone.override(shop.zone):
        subject, text, html = (
            render_to_string(f"emails/invitation{end}", context).strip()
            for end in ("_subject.txt", ".txt", ".html")
        )
    return Words(language=language, subject=subject, text=f"{text}\n", html=html)


def _new_nonce() -> str:
    return secrets.token_urlsafe(12)
