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
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from crm.customers.enums import SuppressionReason
from crm.customers.models import Customer, Purchase
from crm.customers.services import suppress
from crm.mail.addresses import is_mailable, wire_address
from crm.mail.backoff import next_try_at, pause_until
from crm.mail.composing import Letter, compose
from crm.mail.enums import ENDED, LETTERS, Fate, MailReason, MailState, Purpose
from crm.mail.models import Mail, MailContent, MailEvent
from crm.mail.selectors import database_now, sender_paused_until
from crm.mail.smtp import Outcome
from crm.mail.tokens import unsubscribe_url
from crm.work import services as work

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=120)  # well above the longest talk with a server (41 s)

#: Handed to a server, and its answer may still come.
UNDECIDED: Final = frozenset({MailState.SENDING, MailState.UNKNOWN})


@dataclass(frozen=True)
class Words:
    """What a mail says, in the language of its recipient.

    `sender_name` names a person where one writes, else the shop is the sender;
    `personal_hash` is that of the part meant for the recipient alone (crm.guard.selectors).
    """

    language: str
    subject: str
    text: str
    html: str
    sender_name: str = ""
    personal_hash: str = ""


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
    words: Words,
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
            language=words.language,
            subject=words.subject,
            text=words.text,
            html=words.html,
            sender_name=words.sender_name,
            personal_hash=words.personal_hash,
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
    now = database_now()
    if mail.state == MailState.SENDING and mail.sending_since:
        lease_until = mail.sending_since + LEASE
        if now < lease_until:
            return Turn(again_at=lease_until)
        _turn(mail, MailState.UNKNOWN, MailReason.INTERRUPTED, was=UNDECIDED)
    if mail.state != MailState.DUE:
        return Turn()
    if mail.expires_at <= now:
        cancel(mail, reason=MailReason.TOO_LATE)
        return Turn()
    if mail.due_at > now:
        return Turn(again_at=mail.due_at)
    if paused_until := sender_paused_until(mail.shop_id, now=now):
        held_until = hold(mail, until=paused_until, reason=MailReason.SENDER_REFUSED)
        return Turn(again_at=held_until)
    return Turn(mail=mail)


def hold(mail: Mail, *, until: datetime, reason: str) -> datetime | None:
    """Wait until then; None when that is past the mail's use, and it was called off."""
    if until >= mail.expires_at:
        cancel(mail, reason=MailReason.TOO_LATE)
        return None
    _turn(mail, MailState.DUE, reason, due_at=until)
    return until


def block(mail: Mail, *, reason: str) -> bool:
    """Refrain from this mail for good; False when it has left already."""
    return _turn(mail, MailState.BLOCKED, reason)


def cancel(mail: Mail, *, reason: str) -> bool:
    """Call the mail off; False when it has left already."""
    return _turn(mail, MailState.CANCELLED, reason)


def take_up_again(mail: Mail) -> bool:
    """Let a mail that was called off be sent after all; False when it was not called off."""
    if not _turn(mail, MailState.DUE, "", was=(MailState.CANCELLED,)):
        return False
    work.mark(f"send:{mail.pk}", shop_id=mail.shop_id, due_at=mail.due_at)
    return True


def cancel_mails_to(
    customer: Customer, *, reason: str, purposes: Collection[Purpose] = tuple(Purpose)
) -> int:
    """Call off what waits for this person, of these purposes; how many mails that were."""
    waiting = Mail.objects.filter(
        shop_id=customer.shop_id, customer=customer, state=MailState.DUE, purpose__in=purposes
    )
    letters = list(waiting.filter(purpose__in=LETTERS).values_list("pk", flat=True))
    called_off = waiting.update(state=MailState.CANCELLED, reason=reason)
    work.mark_many("letter", letters, shop_id=customer.shop_id)
    return called_off


def doubt_waiting(*, shop_id: int, until: datetime) -> int:
    """Call unknown what was due by then; how many mails that were.

    For a restored backup: the site that went on after it may have sent them, so none is sent
    again by itself, and each counts as a contact.
    """
    waiting = Mail.objects.filter(shop_id=shop_id, state=MailState.DUE, due_at__lte=until)
    return sum(
        _turn(mail, MailState.UNKNOWN, MailReason.INTERRUPTED, sending_since=mail.due_at)
        for mail in waiting
    )


def begin_sending(mail: Mail) -> Parcel | None:
    """Write down that the mail is being sent, to the address the person has now.

    `mail` comes from `take_turn` in the same transaction. None when the address is of a
    kind no server takes: the mail is then blocked.
    """
    customer, shop, content = mail.customer, mail.shop, mail.content
    if not is_mailable(customer.email):
        block(mail, reason=MailReason.UNMAILABLE)
        return None
    now = database_now()
    letter = Letter(
        message_id=mail.message_id,
        from_name=content.sender_name or shop.name,
        from_address=settings.DEFAULT_FROM_EMAIL,
        to_address=customer.email,
        subject=content.subject,
        text=content.text,
        html=content.html,
        reply_to=shop.contact_email if is_mailable(shop.contact_email) else "",
        unsubscribe_url=unsubscribe_url(customer),
    )
    _turn(
        mail,
        MailState.SENDING,
        "",
        to_address=customer.email,
        sending_since=now,
        tries=mail.tries + 1,
    )
    return Parcel(
        content=bytes(compose(letter, at=now)),
        sender=wire_address(letter.from_address),
        recipient=wire_address(letter.to_address),
        lease_until=now + LEASE,
    )


@transaction.atomic
def record_outcome(mail_id: int, outcome: Outcome, *, jitter: float) -> None:
    """Write down what the server did with a mail, and what follows from it.

    A mail called unknown meanwhile is put right: the server's word counts. Recording
    the outcome of one try again changes nothing. `jitter` in [0, 1) spreads the next try.
    """
    mail = _lock(mail_id)
    if mail is None or not _note(mail, outcome):
        return
    now = database_now()
    # The row that would have looked after a sender that died is needed no more.
    work.drop(f"send:{mail.pk}", shop_id=mail.shop_id)
    match outcome.fate:
        case Fate.ACCEPTED:
            _turn(mail, MailState.ACCEPTED, "", was=UNDECIDED, accepted_at=now)
        case Fate.RETRY | Fate.SENDER_REFUSED if mail.customer.erased_at:
            _turn(mail, MailState.CANCELLED, MailReason.ERASED, was=UNDECIDED)
        case Fate.RETRY:
            at = next_try_at(tries=mail.tries, now=now, expires_at=mail.expires_at, jitter=jitter)
            _try_again(mail, at, MailReason.SERVER_AWAY)
        case Fate.SENDER_REFUSED:
            # Its words may repeat the address; they are kept with the mail, not in the log.
            logger.warning("The mail server refuses us (%s) for mail %s", outcome.code, mail.pk)
            at = pause_until(refusals=mail.tries, now=now)
            _try_again(mail, at, MailReason.SENDER_REFUSED)
        case Fate.RECIPIENT_REFUSED:
            _turn(mail, MailState.BOUNCED, MailReason.NO_SUCH_ADDRESS, was=UNDECIDED)
            _give_up_address(mail, now)
        case Fate.MESSAGE_REFUSED:
            _turn(mail, MailState.BOUNCED, MailReason.MESSAGE_REFUSED, was=UNDECIDED)
        case Fate.UNKNOWN:
            _turn(mail, MailState.UNKNOWN, MailReason.NO_ANSWER, was=UNDECIDED)


def _lock(mail_id: int) -> Mail | None:
    """The mail as it is now, it and its recipient held until the transaction ends."""
    while True:
        found = Mail.objects.filter(pk=mail_id).values_list("customer_id", flat=True).first()
        if found is None:
            return None
        Customer.objects.select_for_update(no_key=True).filter(pk=found).first()
        mail = (
            Mail.objects.select_for_update(of=("self",), no_key=True)
            .select_related("shop", "customer", "content")
            .filter(pk=mail_id)
            .first()
        )
        if mail is None or mail.customer_id == found:
            return mail
        # The person was merged into another while we waited: hold that one.


def _turn(
    mail: Mail,
    state: MailState,
    reason: str,
    *,
    was: Collection[MailState] = (MailState.DUE,),
    **fields: Any,
) -> bool:
    """Bring the mail from a state it may be in to another; False when it is elsewhere."""
    fields |= {"state": state, "reason": reason}
    turned = Mail.objects.filter(shop_id=mail.shop_id, pk=mail.pk, state__in=was).update(**fields)
    if turned:
        for name, value in fields.items():
            setattr(mail, name, value)
        if mail.purpose in LETTERS and state in ENDED:
            # Somebody waits to hear what became of it: crm.followups, by name.
            work.mark(f"letter:{mail.pk}", shop_id=mail.shop_id)
    return bool(turned)


def _try_again(mail: Mail, at: datetime | None, reason: MailReason) -> None:
    if at is None or at >= mail.expires_at:
        _turn(mail, MailState.CANCELLED, MailReason.TOO_LATE, was=UNDECIDED)
    elif _turn(mail, MailState.DUE, reason, was=UNDECIDED, due_at=at):
        work.mark(f"send:{mail.pk}", shop_id=mail.shop_id, due_at=at)


def _note(mail: Mail, outcome: Outcome) -> bool:
    """Keep the server's words about this try; False when they are kept already."""
    _event, is_new = MailEvent.objects.get_or_create(
        shop_id=mail.shop_id,
        provider="smtp",
        event_id=f"{mail.message_id}:{mail.tries}",
        defaults={
            "mail": mail,
            "kind": outcome.fate,
            "code": outcome.code,
            # A server's words may repeat the address.
            "text": "" if mail.customer.erased_at else outcome.text,
        },
    )
    return is_new


def _give_up_address(mail: Mail, now: datetime) -> None:
    if mail.customer.erased_at:
        return  # the address was suppressed when they were erased, and is gone from the row
    suppress(
        shop_id=mail.shop_id,
        address=mail.to_address,
        reason=SuppressionReason.BOUNCED,
        at=now,
    )
    cancel_mails_to(mail.customer, reason=MailReason.NO_SUCH_ADDRESS)
