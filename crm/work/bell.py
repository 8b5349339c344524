"""Tell the workers to look now. Never raises, never makes a page wait twice."""

import logging
import time
from collections.abc import Callable
from functools import cache

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

SILENT_FOR = 30.0  # seconds without trying after a failure; the sweep finds the rows anyway
_silent_until = 0.0


def ring_after_commit(kind: str) -> None:
    """Ring once when the present transaction is committed, however often this is called."""
    bell = _bell(kind)
    if all(waiting[1] is not bell for waiting in connection.run_on_commit):
        transaction.on_commit(bell, robust=True)


@cache
def _bell(kind: str) -> Callable[[], None]:
    def bell() -> None:
        ring(kind)

    return bell


def ring(kind: str) -> bool:
    """Send the message; False when the broker is away or was so less than 30 s ago."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        current_app.send_task("crm.work.sweep", args=[kind])
    except Exception:  # kombu raises what its transport raises; all of it means: broker away
        _silent_until = time.monotonic() + SILENT_FOR
        logger.warning("The broker is away; the sweep will find the work", exc_info=True)
        return False
    return True
