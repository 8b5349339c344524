"""Every change to a mail.

Sending one takes three steps, so that no transaction is open while the network is asked
and no mail goes out twice:

1. in the shop's transaction `take_turn`, ask the guard, then `hold`, `block`, or
   `begin_sending`, which writes down that the mail is being sent; commit;
2. outside any transaction `crm.mail.smtp.deliver` the parcel;
3. in a new transaction of the shop `record_outcome`.

Whoever dies between 1 and 3 leaves a mail in `sending`, which `take_turn` finds after
the lease and calls unknown: it may have arrived, so it is not sent again by itself.

Locks are taken customer first, then mail. What is due is due by the database's clock.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from crm.customers.enums import SuppressionReason
from crm.customers.models import Customer, Purchase
from crm.customers.services import suppress
from crm.mail.addresses import is_mailable, wire_address
from crm.mail.backoff import next_try_at, pause_until
from crm.mail.composing import Letter, compose
from crm.mail.enums import Fate, MailReason, MailState, Purpose
from crm.mail.models import Mail, MailContent, MailEvent
from crm.mail.smtp import Outcome
from crm.mail.tokens import unsubscribe_url
from crm.work import services as work

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=120)  # well above the longest talk with a server (41 s)


@dataclass(frozen=True)
class Turn:
    """The mail to send now, or when to look again; neither means that nothing is to be done."""

    mail: Mail | None = None
    again_at: datetime | None = None


@dataclass(frozen=True)
class Parcel:
    """What `deliver` needs, and when a sender that is heard of no more counts as lost."""

    content: bytes
    sender: str
    recipient: str
    lease_until: datetime


@transaction.atomic
def queue_mail(
    *,
    customer: Customer,
    purpose: Purpose,
    subject: str,
    text: str,
    html: str,
    language: str,
    due_at: datetime,
    expires_at: datetime,
    dedup_key: str,
    purchase: Purchase | None = None,
) -> Mail:
    """A mail to this person, to be sent when due and of no use past `expires_at`.

    Queueing the same `dedup_key` again changes nothing and returns the mail there is,
    whatever became of it.
    """
    mail, is_new = Mail.objects.get_or_create(
        shop_id=customer.shop_id,
        dedup_key=dedup_key,
        defaults={
            "purpose": purpose,
            "customer": customer,
            "purchase": purchase,
            "to_address": customer.email,
            "due_at": due_at,
            "expires_at": expires_at,
        },
    )
    if is_new:
        MailContent.objects.create(
            shop_id=customer.shop_id,
            mail=mail,
            language=language,
            subject=subject,
            text=text,
            html=html,
        )
        work.mark(f"send:{mail.pk}", shop_id=customer.shop_id, due_at=due_at)
    return mail


@transaction.atomic
def take_turn(mail_id: int) -> Turn:
    """Lock the mail and its recipient, and say whether it may go now as far as we know.

    Nobody else can send to the person, change, merge or erase them until the
    transaction ends, so what the guard sees is still true when the mail leaves.
    """
    mail = _lock(mail_id)
    if mail is None:
        return Turn()
    if mail.state == MailState.SENDING:
        lease_until = mail.sending_since + LEASE
        if mail.now < lease_until:
            return Turn(again_at=lease_until)
        _settle(mail, MailState.UNKNOWN, MailReason.INTERRUPTED)
        return Turn()
    if mail.state != MailState.DUE:
        return Turn()
    if mail.expires_at <= mail.now:
        cancel(mail, reason=MailReason.TOO_LATE)
        return Turn()
    if mail.due_at > mail.now:
        return Turn(again_at=mail.due_at)
    return Turn(mail=mail)


def hold(mail: Mail, *, until: datetime, reason: str) -> datetime | None:
    """Wait until then; None when that is past the mail's use, and it was called off."""
    if until >= mail.expires_at:
        cancel(mail, reason=MailReason.TOO_LATE)
        return None
    _settle(mail, MailState.DUE, reason, due_at=until)
    return until


def block(mail: Mail, *, reason: str) -> None:
    """Refrain from this mail for good."""
    _settle(mail, MailState.BLOCKED, reason)


def cancel(mail: Mail, *, reason: str) -> None:
    """Call off a mail that has not left."""
    _settle(mail, MailState.CANCELLED, reason)


def cancel_mails_to(customer: Customer, *, reason: str) -> int:
    """Call off everything that waits for this person; how many that were."""
    return Mail.objects.filter(
        shop_id=customer.shop_id, customer=customer, state=MailState.DUE
    ).update(state=MailState.CANCELLED, reason=reason)


def begin_sending(mail: Mail) -> Parcel | None:
    """Write down that the mail is being sent, to the address the person has now.

    `mail` comes from `take_turn` in the same transaction. None when the address is of a
    kind no server takes: the mail is then blocked.
    """
    customer, shop = mail.customer, mail.shop
    if not is_mailable(customer.email):
        block(mail, reason=MailReason.UNMAILABLE)
        return None
    letter = Letter(
        message_id=mail.message_id,
        from_name=shop.name,
        from_address=settings.DEFAULT_FROM_EMAIL,
        to_address=customer.email,
        subject=mail.content.subject,
        text=mail.content.text,
        html=mail.content.html,
        reply_to=shop.contact_email if is_mailable(shop.contact_email) else "",
        unsubscribe_url=unsubscribe_url(customer),
    )
    _settle(
        mail,
        MailState.SENDING,
        "",
        to_address=customer.email,
        sending_since=mail.now,
        tries=F("tries") + 1,
    )
    return Parcel(
        content=bytes(compose(letter, at=mail.now)),
        sender=wire_address(settings.DEFAULT_FROM_EMAIL),
        recipient=wire_address(customer.email),
        lease_until=mail.now + LEASE,
    )


@transaction.atomic
def record_outcome(mail_id: int, outcome: Outcome, *, jitter: float) -> None:
    """Write down what the server did with a mail, and what follows from it.

    A mail that was called unknown meanwhile is put right: the server's word counts.
    Recording the outcome of the same try again changes nothing. `jitter` in [0, 1)
    spreads the next try.
    """
    mail = _lock(mail_id)
    if mail is None or not _note(mail, outcome):
        return
    work.drop(f"send:{mail.pk}", shop_id=mail.shop_id)
    match outcome.fate:
        case Fate.ACCEPTED:
            _settle(mail, MailState.ACCEPTED, "", accepted_at=mail.now)
        case Fate.RETRY:
            at = next_try_at(
                tries=mail.tries, now=mail.now, expires_at=mail.expires_at, jitter=jitter
            )
            _try_again(mail, at, MailReason.SERVER_AWAY)
        case Fate.RECIPIENT_REFUSED:
            _settle(mail, MailState.BOUNCED, MailReason.NO_SUCH_ADDRESS)
            suppress(
                shop_id=mail.shop_id,
                address=mail.to_address,
                reason=SuppressionReason.BOUNCED,
                at=mail.now,
            )
            cancel_mails_to(mail.customer, reason=MailReason.NO_SUCH_ADDRESS)
        case Fate.MESSAGE_REFUSED:
            _settle(mail, MailState.BOUNCED, MailReason.MESSAGE_REFUSED)
        case Fate.SENDER_REFUSED:
            logger.warning("The mail server refuses us: %s %s", outcome.code, outcome.text)
            _try_again(mail, pause_until(refusals=1, now=mail.now), MailReason.SENDER_REFUSED)
        case Fate.UNKNOWN:
            _settle(mail, MailState.UNKNOWN, MailReason.NO_ANSWER)
