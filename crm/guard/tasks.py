"""The way out: a mail is checked once more, then sent, at most once.

Three steps. Inside the shop's transaction the guard is asked and the row turns to
`sending`; after the commit the mail server is spoken to, outside of any transaction; then
a new transaction records what became of it. A worker that dies in between leaves a row in
`sending`, which nobody resends: after a while it is called `unknown`.
"""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import timezone

from crm.guard.enums import Moment, Verdict
from crm.guard.services import ask
from crm.mail import services as mails
from crm.mail.addresses import UnmailableAddress
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.mail.services import SENDING_LEASE, Parcel
from crm.mail.smtp import deliver, transport_from_url
from crm.tenancy.door import tenant
from crm.work.registry import Again, handler


@handler("send")
def send(mail_id: int) -> Again | None:
    """Send a mail that is due; or hold, block or call it off, with the reason on the row."""
    mail = mails.lock(mail_id)
    if mail is None:
        return None
    now = timezone.now()
    if mail.state == MailState.SENDING:
        return _look_after(mail, now)
    if mail.state != MailState.DUE:
        return None
    if now >= mail.expires_at:
        mails.cancel(mail=mail, reason="too_late")
        return None
    if now < mail.due_at:
        return Again(at=mail.due_at)
    return _decide(mail, now)


def _decide(mail: Mail, now: datetime) -> Again | None:
    decision = ask(
        customer=mail.customer,
        purpose=Purpose(mail.purpose),
        purchase=mail.purchase,
        moment=Moment.SENDING,
        now=now,
        mail=mail,
    )
    if decision.verdict == Verdict.BLOCK:
        mails.block(mail=mail, reason=decision.reason)
        return None
    if decision.until is None:
        return _begin(mail, now)
    if decision.until >= mail.expires_at:
        mails.cancel(mail=mail, reason="too_late")
        return None
    mails.hold(mail=mail, until=decision.until, reason=decision.reason)
    return Again(at=decision.until)


def _begin(mail: Mail, now: datetime) -> Again | None:
    try:
        parcel = mails.begin_sending(mail=mail, now=now)
    except UnmailableAddress:
        mails.cancel(mail=mail, reason="unmailable")
        return None
    # Due again after the lease, in case this worker dies while it talks to the server.
    return Again(at=now + SENDING_LEASE, then=partial(_hand_over, mail.shop_id, mail.pk, parcel))


def _hand_over(shop_id: int, mail_id: int, parcel: Parcel) -> None:
    outcome = deliver(
        parcel.content,
        sender=parcel.sender,
        recipient=parcel.recipient,
        transport=transport_from_url(settings.EMAIL_URL),
    )
    with tenant(shop_id):
        mail = mails.lock(mail_id)
        if mail is not None:
            mails.record_outcome(mail=mail, outcome=outcome, now=timezone.now())


def _look_after(mail: Mail, now: datetime) -> Again | None:
    """A mail found in `sending`: somebody talks to the server, or died while doing so."""
    assert mail.sending_since is not None
    over = mail.sending_since + SENDING_LEASE
    if now < over:
        return Again(at=over)
    mails.give_up_on(mail=mail)
    return None
