"""Redis as the cache, and this process's own memory while Redis is away.

What is kept here may be lost: who asked how often, above all. Without it the site must go on
answering; limits are then counted by each process for itself, so that a site of n processes
lets n times as many pass. It never waits twice: after a failure Redis is left alone for
half a minute.
"""

import logging
import time
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

SILENT_FOR = 30.0  # seconds without trying after a failure
PATIENCE = 0.5  # seconds for a connection, and for an answer
MOST_KEYS = 20_000  # in memory

_silent_until = 0.0


class SteadyCache(BaseCache):
    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
        }
        self._redis = RedisCache(location, {**params, "OPTIONS": options})
        self._memory = LocMemCache("steady", {**params, "OPTIONS": {"MAX_ENTRIES": MOST_KEYS}})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("delete", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """One step in either place; Django's own would read and then write, and forget when
        the key was to run out."""
        return int(self._ask("incr", *args, **kwargs))

    def clear(self) -> None:
        self._ask("clear")

    def _ask(self, what: str, *args: Any, **kwargs: Any) -> Any:
        global _silent_until
        if time.monotonic() >= _silent_until:
            try:
                return getattr(self._redis, what)(*args, **kwargs)
            except RedisError:
                _silent_until = time.monotonic() + SILENT_FOR
                logger.warning("The cache is away; memory takes its place", exc_info=True)
        return getattr(self._memory, what)(*args, **kwargs)
