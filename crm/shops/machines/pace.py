"""How often a key may ask: one statement, so that sixty calls at once cannot slip through."""

from datetime import timedelta
from typing import Any, cast

from django.db import connection

from crm.shops.models import ApiKey

A_CALL = timedelta(milliseconds=100)  # ten a second, for ever
BURST = timedelta(seconds=10)  # a hundred at once, when none came for a while


def wait_of(key: ApiKey) -> timedelta | None:
    """Take one call off the key's allowance; None when it was there, else how long to wait.

    The allowance is kept as the moment at which it will be whole again (the "theoretical
    arrival time" of GCRA), by the database's clock. A call that must wait takes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO crm_apipace AS pace (key_id, whole_at)
                 VALUES (%(key)s, statement_timestamp() + %(call)s)
            ON CONFLICT (key_id) DO UPDATE
                    SET whole_at = GREATEST(pace.whole_at, statement_timestamp()) + %(call)s
                  WHERE pace.whole_at <= statement_timestamp() + %(burst)s - %(call)s
              RETURNING key_id
            """,
            cast(Any, {"key": key.pk, "call": A_CALL, "burst": BURST}),
        )
        if cursor.fetchone():
            return None
        cursor.execute(
            "SELECT whole_at + %s - %s - statement_timestamp() FROM crm_apipace WHERE key_id = %s",
            cast(Any, [A_CALL, BURST, key.pk]),
        )
        (wait,) = cursor.fetchone()
    return max(wait, timedelta())
