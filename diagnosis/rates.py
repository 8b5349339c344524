"""How much of one kind one sender may do in a while. Counted in the cache, by one atomic step.

A fixed window: at its border twice the limit may pass, which does no harm here. Where the
cache is away nobody is refused: a flood is the lesser evil against a closed door.
"""

import ipaddress
import logging
import time
from typing import Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_V4_PREFIX: Final = 32
_V6_PREFIX: Final = 48  # what one household or office is given


def is_too_much(what: str, *, who: str, limit: int, seconds: int) -> bool:
    """Count one more of `what` by `who`; whether it is more than `limit` in this window."""
    key = f"rate:{what}:{who}:{int(time.time()) // seconds}"
    try:
        cache.add(key, 0, timeout=seconds + 1)
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two steps: a new window has begun
        return False
    except RedisError as error:
        logger.warning("Rates are not counted, the cache is away: %s", error)
        return False


def sender_of(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /48 of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    prefix = _V4_PREFIX if ip.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network((ip, prefix), strict=False))
