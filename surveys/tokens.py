"""Everything a customer's link or form carries signed. None of it signs anybody in.

A link opens one invitation for answering and nothing else: the signature binds it to its
purpose (the salt), the shop, the invitation and the invitation's present nonce. Keys that
were replaced stay valid while they stand in SECRET_KEY_FALLBACKS.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

LONGEST = 200  # far above any token we make; what is longer is not even looked at


@dataclass(frozen=True)
class Link:
    """What an answer link says; whether the nonce is still the present one, its reader asks."""

    shop_id: int
    invitation_id: int
    nonce: str


@dataclass(frozen=True)
class Receipt:
    """What somebody has just sent, for the thanks to repeat to them alone."""

    score: int
    has_words: bool


def answer_token(link: Link) -> str:
    return _link_signer().sign(f"{link.shop_id}-{link.invitation_id}-{link.nonce}")


def read_answer_token(token: str) -> Link | None:
    """The link a token stands for; None for anything we did not sign for this purpose."""
    said = _unsign(_link_signer(), token)
    if said is None:
        return None
    shop_id, invitation_id, nonce = said.split("-", 2)
    return Link(int(shop_id), int(invitation_id), nonce)


def shop_of(token: str) -> int | None:
    """The id of the shop whose link this is."""
    link = read_answer_token(token)
    return link.shop_id if link else None


def stamp(invitation_id: int, *, at: datetime) -> str:
    """A note in the form of when its page was opened."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return _stamp_signer().sign(f"{invitation_id}-{milliseconds}")


def read_stamp(text: str, invitation_id: int) -> datetime | None:
    """When the page of this invitation was opened; None when the note is not ours."""
    whose, _, milliseconds = (_unsign(_stamp_signer(), text) or "").partition("-")
    if whose != str(invitation_id):
        return None
    return _EPOCH + timedelta(milliseconds=int(milliseconds))


def seal_receipt(receipt: Receipt, invitation_id: int) -> str:
    return _receipt_signer().sign(f"{invitation_id}-{receipt.score}-{int(receipt.has_words)}")


def read_receipt(text: str, invitation_id: int) -> Receipt | None:
    """What was just sent for this invitation; None when the receipt is not ours."""
    whose, _, said = (_unsign(_receipt_signer(), text) or "").partition("-")
    if whose != str(invitation_id):
        return None
    score, _, has_words = said.rpartition("-")  # of "-1-0" as of "9-0"
    return Receipt(int(score), has_words == "1")


def _unsign(signer: Signer, text: str) -> str | None:
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        return signer.unsign(text)
    except BadSignature:
        return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# Made anew each time, so that a rotated key is known at once. A dot survives every mail
# program that makes links of plain text; a colon does not.
def _link_signer() -> Signer:
    return Signer(salt="surveys.answer", sep=".")


def _stamp_signer() -> Signer:
    return Signer(salt="surveys.opened", sep=".")


def _receipt_signer() -> Signer:
    return Signer(salt="surveys.receipt", sep=".")
