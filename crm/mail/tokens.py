"""Unsubscribe links: they let anybody who holds one stop the mails to one person, no more.

They never run out, because a mail is read years later and the wish counts all the same.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from crm.customers.models import Customer


@dataclass(frozen=True)
class Recipient:
    """Whom a link stops the mails to."""

    shop_id: int
    customer_id: int


def unsubscribe_url(customer: Customer) -> str:
    """The whole address of the person's unsubscribe page, the same in every mail."""
    token = unsubscribe_token(Recipient(customer.shop_id, customer.pk))
    return settings.BASE_URL + reverse("unsubscribe", args=[token])


def unsubscribe_token(recipient: Recipient) -> str:
    return _signer().sign(f"{recipient.shop_id}-{recipient.customer_id}")


def read_unsubscribe_token(token: str) -> Recipient | None:
    """Whom the token speaks of; None for anything we did not sign for this purpose."""
    try:
        shop_id, customer_id = _signer().unsign(token).split("-")
    except BadSignature:
        return None
    return Recipient(int(shop_id), int(customer_id))


def shop_of(token: str) -> int | None:
    """The id of the shop whose mails the token stops."""
    recipient = read_unsubscribe_token(token)
    return recipient.shop_id if recipient else None


# Made anew each time, so that a rotated key is known at once. A dot survives every mail
# program that makes links of plain text; a colon does not.
def _signer() -> Signer:
    return Signer(salt="crm.mail.unsubscribe", sep=".")
