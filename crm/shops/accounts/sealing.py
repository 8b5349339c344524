"""Secrets that must be readable again, such as that of an authenticator app, sealed at rest."""

from base64 import urlsafe_b64encode
from hashlib import blake2b

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed under SECRET_KEY or one of its fallbacks; InvalidToken for anything else."""
    return _keys().decrypt(sealed.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet(
        Fernet(urlsafe_b64encode(_bytes_of(key)))
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


def _bytes_of(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=32, person=b"second-factor").digest()
