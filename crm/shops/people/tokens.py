"""The links by which colleagues are invited. A link signs nobody in: it opens one question.

Of the same shape as every capability of ours in an address, so that logs mask it anywhere:
shop and row, then 256 random bits, of which only the hash is kept.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass

_TOKEN = re.compile(r"([0-9]{1,18})-([0-9]{1,18})\.([\w-]{43})", re.ASCII)


@dataclass(frozen=True)
class JoinLink:
    shop_id: int
    invitation_id: int
    secret: str


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    # A plain hash is enough: the secret is 256 random bits.
    return hashlib.sha256(secret.encode()).hexdigest()


def join_token(link: JoinLink) -> str:
    return f"{link.shop_id}-{link.invitation_id}.{link.secret}"


def read_join_token(token: str) -> JoinLink | None:
    """What a token says; None for what can be none of ours."""
    said = _TOKEN.fullmatch(token)
    return JoinLink(int(said[1]), int(said[2]), said[3]) if said else None
