"""The key to an attempt: it stands in the address only, and we keep its hash."""

import hashlib
import re
import secrets

_SHAPE = re.compile(r"[\w-]{22}", re.ASCII)


def new_token() -> str:
    """128 random bits, as 22 characters that fit an address."""
    return secrets.token_urlsafe(16)


def is_token(text: str) -> bool:
    return bool(_SHAPE.fullmatch(text))


def digest(token: str) -> str:
    # A plain hash is enough: the token itself is random.
    return hashlib.sha256(token.encode()).hexdigest()
