"""Typed readings of the environment, so that settings.py stays a list of decisions.

Every reader names the variable it could not understand: a typing error in a
deployment must stop the start, not change its meaning.
"""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def require(*names: str) -> None:
    """Return when each of these is set; else name all that are not, at once."""
    if missing := [name for name in names if not text(name)]:
        raise ImproperlyConfigured(
            f"Not set: {', '.join(missing)}. docs/operate.md says what each is for."
        )


def flag(name: str, default: bool = False) -> bool:
    raw = os.environ.get(name, "")
    if raw == "":
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}")


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated values of a variable, without empty ones."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str) -> dict[str, Any]:
    """Django's settings for the PostgreSQL URL in the variable `name`.

    A server on a unix socket is written `postgresql://user@/db?host=/folder`.
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// URL")
    options = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": str(url.port or ""),
        "OPTIONS": options,
    }


def redis_urls(name: str) -> tuple[str, str]:
    """The same Redis as Celery's broker URL and as the cache's location.

    A server on a unix socket is written `unix:///path/to.sock`.
    """
    raw = text(name)
    url = urlsplit(raw)
    if url.scheme == "unix":
        return f"redis+socket://{url.path}?virtual_host=0", f"unix://{url.path}?db=1"
    if url.scheme in {"redis", "rediss"}:
        base = raw.rsplit("/", 1)[0] if url.path not in {"", "/"} else raw.rstrip("/")
        return f"{base}/0", f"{base}/1"
    raise ImproperlyConfigured(f"{name} must be redis://host:port/0 or unix:///path/to.sock")
