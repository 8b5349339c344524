"""The way out: a mail is checked once more, then sent, at most once (crm/mail/services.py)."""

import random
from functools import partial

from django.conf import settings
from django.utils import timezone

from crm.guard.enums import Moment, Verdict
from crm.guard.selectors import words_of
from crm.guard.services import ask
from crm.mail import services as mails
from crm.mail.enums import Purpose
from crm.mail.services import Parcel
from crm.mail.smtp import deliver, transport_from_url
from crm.tenancy.door import tenant
from crm.work.registry import Again, handler


@handler("send")
def send(mail_id: int) -> Again | None:
    """Send a mail that is due; or hold, block or call it off, with the reason on the row."""
    turn = mails.take_turn(mail_id)
    mail = turn.mail
    if mail is None:
        return Again(at=turn.again_at) if turn.again_at else None
    decision = ask(
        customer=mail.customer,
        purpose=Purpose(mail.purpose),
        purchase=mail.purchase,
        moment=Moment.SENDING,
        now=timezone.now(),
        mail=mail,
        words=words_of(mail),
        personal_hash=mail.content.personal_hash,
    )
    if decision.verdict == Verdict.BLOCK:
        mails.block(mail, reason=decision.reason)
        return None
    if decision.until is not None:
        held_until = mails.hold(mail, until=decision.until, reason=decision.reason)
        return Again(at=held_until) if held_until else None
    parcel = mails.begin_sending(mail)
    if parcel is None:
        return None
    # Due again after the lease, in case this worker dies while it talks to the server.
    return Again(at=parcel.lease_until, then=partial(_hand_over, mail.shop_id, mail.pk, parcel))


def _hand_over(shop_id: int, mail_id: int, parcel: Parcel) -> None:
    outcome = deliver(
        parcel.content,
        sender=parcel.sender,
        recipient=parcel.recipient,
        transport=transport_from_url(settings.EMAIL_URL),
    )
    with tenant(shop_id):
        mails.record_outcome(mail_id, outcome, jitter=random.random())
