"""`/healthz`: this process answers. `/readyz`: and what it stands on is there."""

import logging
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.work.selectors import heartbeat_age

logger = logging.getLogger(__name__)

# Beat sends a tick every 15 s, and a worker writes it down: eight missed ones are no accident.
OLDEST_HEARTBEAT = timedelta(seconds=120)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as requests are answered at all; for whoever restarts this process."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when a page and the work behind it can be done, else 503; one word for each part."""
    parts = {name: check() for name, check in CHECKS.items()}
    is_ready = set(parts.values()) == {"ok"}
    status = "ok" if is_ready else "unready"
    return JsonResponse({"status": status, **parts}, status=200 if is_ready else 503)


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("The database does not answer", exc_info=True)
        return "away"
    return "ok"


def broker() -> str:
    same_server = settings.CACHES["default"]["LOCATION"]  # in a spelling redis-py reads
    client = redis.Redis.from_url(same_server, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        logger.warning("The broker does not answer", exc_info=True)
        return "away"
    finally:
        client.close()
    return "ok"


def heartbeat() -> str:
    """Whether beat and a worker are both alive: the age of the last tick that was done."""
    try:
        age = heartbeat_age()
    except DatabaseError:
        return "unknown"  # the database's own line says why
    if age is None:
        return "none yet"
    return "ok" if age <= OLDEST_HEARTBEAT else "stale"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "broker": broker,
    "heartbeat": heartbeat,
}
