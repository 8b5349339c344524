"""Turn orders whose time has come into invitations, each with the mail that carries its link."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

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
from surveys.enums import Occasion, Reminding
from surveys.hours import Hours
from surveys.letters import Links, letter, tone_of
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.selectors import (
    FRESH,
    TOO_LATE,
    overtaken_expectations,
    purchases_to_ask,
    stage_of,
)
from surveys.tokens import Link, answer_token

#: What the guard and the mail room call it when an occasion is asked about.
PURPOSES = {
    Occasion.EXPECTATION: Purpose.EXPECTATION,
    Occasion.EVALUATION: Purpose.EVALUATION,
    Occasion.PERCEIVED: Purpose.EVALUATION,
    Occasion.NPS: Purpose.NPS,
}

LINK_LASTS = timedelta(days=60)
SLICE = 100  # invitations made in one transaction


def invite_due(*, shop: Shop, now: datetime) -> int:
    """Invite about the orders whose time has come, at most a slice; how many were invited."""
    call_off_overtaken(shop=shop)
    invited = 0
    # Locked, so that nobody switches one off, or words it otherwise, while we invite for it.
    asking = Survey.objects.filter(shop=shop, switched_on_at__isnull=False).order_by("pk")
    for survey in asking.select_for_update(no_key=True):
        for occasion in survey.occasions:
            invited += _invite_about(survey, occasion, shop, now, limit=SLICE - invited)
    return invited


@transaction.atomic
def invite(
    *, version: SurveyVersion, occasion: Occasion, purchase: Purchase, shop: Shop, now: datetime
) -> Invitation:
    """Ask a customer about their order, by a mail that is sent within the survey's hours, when
    the guard allows it.

    The guard is asked now, so that staff see at once what will be held or refrained from,
    and once more when the mail is sent.
    """
    customer = purchase.customer
    assert customer is not None, "an order of nobody is not asked about"
    hours = version.survey.hours
    stage = stage_of(customer)
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
        stage=stage,
        may_remind=version.survey.may_remind(occasion, stage),
    )
    is_expectation = occasion == Occasion.EXPECTATION
    invitation.mail = mails.queue_mail(
        customer=customer,
        purpose=PURPOSES[occasion],
        purchase=purchase if occasion != Occasion.NPS else None,
        dedup_key=f"surveys.invitation:{invitation.pk}",
        due_at=hours.next_moment(now, shop.zone),
        expires_at=purchase.ordered_at + FRESH if is_expectation else now + TOO_LATE,
        words=words_for(invitation, shop),
    )
    invitation.save(update_fields=["mail"])
    heed_guard(invitation.mail, hours=hours, shop=shop, now=now)
    return invitation


def heed_guard(mail: Mail, *, hours: Hours, shop: Shop, now: datetime) -> None:
    """Ask the guard about a question just planned, and hold or block it as it says."""
    decision = ask(
        customer=mail.customer,
        purpose=Purpose(mail.purpose),
        purchase=mail.purchase,
        mail=mail,
        moment=Moment.PLANNING,
        now=now,
    )
    if decision.verdict == Verdict.BLOCK:
        mails.block(mail, reason=decision.reason)
    elif decision.until is not None:
        until = hours.next_moment(decision.until, shop.zone)
        mails.hold(mail, until=until, reason=decision.reason)


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
        words=words_for(invitation, shop),
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
    version = survey.versions.latest("n")
    asked: set[int | None] = set()
    for purchase in purchases_to_ask(survey, occasion, now=now)[:limit]:
        # Two orders of one person may be due at once; the yearly question is asked about one.
        if occasion == Occasion.NPS and purchase.customer_id in asked:
            continue
        asked.add(purchase.customer_id)
        invite(version=version, occasion=occasion, purchase=purchase, shop=shop, now=now)
    return len(asked)


def words_for(invitation: Invitation, shop: Shop, *, is_reminder: bool = False) -> Words:
    """The letter in the customer's language, with days in the shop's zone."""
    url = answer_url(invitation)
    language = language_of(invitation.customer, shop.locale)
    purchase = invitation.purchase if invitation.occasion != Occasion.NPS else None
    return letter(
        shop=shop,
        occasion=Occasion(invitation.occasion),
        item=invitation.version.item(invitation.occasion, language),
        language=language,
        tone=tone_of(invitation.stage),
        customer_name=invitation.customer.name,
        ordered_at=purchase.ordered_at if purchase else None,
        reminding=_reminding(invitation, is_reminder=is_reminder),
        links=Links(
            answer=url,
            privacy=shop.privacy_url or f"{url}privacy/",
            stop=unsubscribe_url(invitation.customer),
        ),
    )


def _reminding(invitation: Invitation, *, is_reminder: bool) -> Reminding:
    if is_reminder:
        return Reminding.IS_ONE
    return Reminding.MAY_FOLLOW if invitation.may_remind else Reminding.NEVER


def _new_nonce() -> str:
    return secrets.token_urlsafe(12)
