"""E-mail addresses as identities: when two writings are one person, and when none is anybody."""

import hmac
import re
import unicodedata
from hashlib import sha256

from django.conf import settings

# A marketplace's stand-in for its customer's address: it reaches the buyer only through the
# marketplace, changes with the order, and is not ours to write to.
_MASKED_DOMAINS = (
    "fw.rakuten.ne.jp",
    "marketplace.amazon.co.jp",
    "marketplace.amazon.com",
    "marketplace.amazon.co.uk",
    "marketplace.amazon.de",
)
_GMAIL = ("gmail.com", "googlemail.com")
_ESCAPED = re.compile(r"\\(.)")


def normalise(address: str) -> str:
    """The address as it is compared: full-width letters narrowed, case folded, no spaces, and
    without quotes, which name no other mailbox.

    Empty for a text without exactly one @ and something on both sides of it.
    """
    text = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, domain = text.partition("@")
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = _ESCAPED.sub(r"\1", local[1:-1])
    if not (at and local and domain) or "@" in domain or any(c.isspace() for c in text):
        return ""
    return f"{local}@{domain}"


def mailbox(address: str) -> str:
    """Where mail to this address is read: the same without a +tag, and at Gmail without dots.

    For those who said stop, however somebody writes them. It says nothing of who is who: a
    family may share a mailbox and tell its people apart by tags.
    """
    local, at, domain = normalise(address).partition("@")
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", "") or local, _GMAIL[0]
    return f"{local}{at}{domain}"


def is_masked(address: str) -> bool:
    """Whether a marketplace made this address up (楽天 あんしんメルアド, Amazon)."""
    return normalise(address).partition("@")[2] in _MASKED_DOMAINS


def address_hmac(address: str, *, shop_id: int) -> str:
    """What is kept of an address that must not be written to: useless without our key."""
    key = f"crm.suppression:{shop_id}:{settings.SUPPRESSION_KEY}".encode()
    return hmac.new(key, normalise(address).encode(), sha256).hexdigest()


def stop_hmacs(address: str, *, shop_id: int) -> set[str]:
    """All by which it may be kept that this address is not to be written to: its own, for it
    may have bounced, and that of its mailbox, whose owner may have said so."""
    return {address_hmac(each, shop_id=shop_id) for each in (address, mailbox(address))}
