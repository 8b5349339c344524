"""E-mail addresses as identities: when two writings are one person, and when none is anybody."""

import hmac
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


def normalise(address: str) -> str:
    """The address as it is compared: full-width letters narrowed, case folded, no spaces.

    Empty for a text without exactly one @ and something on both sides of it.
    """
    text = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, domain = text.partition("@")
    if not (at and local and domain) or "@" in domain or any(c.isspace() for c in text):
        return ""
    return text


def is_masked(address: str) -> bool:
    """Whether a marketplace made this address up (楽天 あんしんメルアド, Amazon)."""
    return normalise(address).partition("@")[2] in _MASKED_DOMAINS


def address_hmac(address: str, *, shop_id: int) -> str:
    """What is kept of an address that must not be written to: useless without our key."""
    key = f"crm.suppression:{shop_id}:{settings.SUPPRESSION_KEY}".encode()
    return hmac.new(key, normalise(address).encode(), sha256).hexdigest()
