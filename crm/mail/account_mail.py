"""Mail to those who work here: codes, invitations of colleagues, the morning's digest.

It needs no shop and asks no guard. A page only writes a row, so it neither waits for a mail
server nor fails with one; a worker hands the mail over, again and again for a day if need be.
Handed over twice is better here than not at all (the Message-ID stays the same): without
their code people cannot get in.
"""

import logging
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from crm.mail.addresses import is_mailable, wire_address
from crm.mail.backoff import next_try_at
from crm.mail.composing import Letter, compose
from crm.mail.enums import Fate
from crm.mail.models import AccountMail
from crm.mail.smtp import deliver, transport_from_url
from crm.work.bell import ring_after_commit
from crm.work.registry import Queue, queue

logger = logging.getLogger(__name__)

KIND: Final = "account_mail"
USEFUL_FOR: Final = timedelta(days=1)
LEASE: Final = timedelta(seconds=120)
MOST_DOUBTS: Final = 3  # tries after which a mail whose fate is unknown is let go
SENDER: Final = "惚れ通 Horetsu"
# The statement's clock, as the default of due_at: now() is when the transaction began.
_CLAIMABLE: Final = (
    "due_at <= statement_timestamp()"
    " AND (lease_until IS NULL OR lease_until < statement_timestamp())"
)


class TableBackend(BaseEmailBackend):
    """What Django's `send_mail` uses (settings.EMAIL_BACKEND): writes rows and rings the bell."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [
            AccountMail(
                to_address=address,
                reply_to=next(iter(message.reply_to), ""),
                subject=str(message.subject)[:300],
                text=str(message.body),
                html=_html_of(message),
                expires_at=timezone.now() + USEFUL_FOR,
            )
            for message in email_messages
            for address in message.recipients()
            if is_mailable(address)
        ]
        AccountMail.objects.bulk_create(rows)
        if rows:
            ring_after_commit(KIND)
        return len(rows)


def is_due() -> bool:
    """Whether there is a mail to hand over now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM crm_accountmail WHERE {_CLAIMABLE})")  # noqa: S608
        return bool(cursor.fetchone()[0])


def send_next() -> bool | None:
    """Hand over the mail that waits longest; whether it left us, None when none waits."""
    mail = _claim()
    if mail is None:
        return None
    try:
        fate = _hand_over(mail)
    except Exception:  # whatever a mail is made of must not keep the others waiting
        logger.exception("Account mail %s cannot be handed over", mail.message_id)
        fate = Fate.RETRY
    _settle(mail, fate)
    return fate is Fate.ACCEPTED


queue(KIND, Queue(is_due=is_due, do_next=send_next))


def _claim() -> AccountMail | None:
    rows = AccountMail.objects.raw(
        f"""
        UPDATE crm_accountmail SET lease_until = statement_timestamp() + %s, tries = tries + 1
         WHERE id = (SELECT id FROM crm_accountmail WHERE {_CLAIMABLE}
                      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING *
        """,  # noqa: S608  (words of ours only)
        [LEASE],
    )
    return next(iter(rows), None)


def _hand_over(mail: AccountMail) -> Fate:
    letter = Letter(
        message_id=mail.message_id,
        from_name=SENDER,
        from_address=settings.DEFAULT_FROM_EMAIL,
        to_address=mail.to_address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        reply_to=mail.reply_to,
    )
    outcome = deliver(
        bytes(compose(letter, at=timezone.now())),
        sender=wire_address(letter.from_address),
        recipient=wire_address(letter.to_address),
        transport=transport_from_url(settings.EMAIL_URL),
    )
    return outcome.fate


def _settle(mail: AccountMail, fate: Fate) -> None:
    """Remove the row, or have it tried again; another worker's by now is left alone."""
    mine = AccountMail.objects.filter(pk=mail.pk, tries=mail.tries)
    again_at = None
    may_help = fate in {Fate.RETRY, Fate.SENDER_REFUSED} or (
        fate is Fate.UNKNOWN and mail.tries < MOST_DOUBTS
    )
    if may_help:
        again_at = next_try_at(
            tries=mail.tries,
            now=timezone.now(),
            expires_at=mail.expires_at,
            jitter=random.random(),
        )
    if again_at:
        mine.update(due_at=again_at, lease_until=None)
        return
    if fate is not Fate.ACCEPTED:
        # Neither address nor words: whoever reads the log must not get in with it.
        logger.warning("Account mail %s is given up: %s", mail.message_id, fate)
    mine.delete()


def _html_of(message: Any) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    return next((str(each[0]) for each in message.alternatives if each[1] == "text/html"), "")
