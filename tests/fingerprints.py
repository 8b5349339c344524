"""What a shop's rows are, in one hash: nothing was changed when it is the same as before."""

import hashlib

from django.db import connections

from crm.shops.models import Shop


def fingerprint(shop: Shop, *, but: str = "") -> str:
    """A hash of every row of the shop, in every table that knows shops but one.

    Taken through the owner role, which no wall hides anything from; so the test that asks
    must have committed, and name the databases "default" and "owner".
    """
    digest = hashlib.sha256()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name FROM information_schema.columns
             WHERE column_name = 'shop_id' AND table_schema = 'public' AND table_name <> %s
             ORDER BY table_name
            """,
            [but],
        )
        tables = [(name, "shop_id") for (name,) in cursor.fetchall()]
        for table, column in [*tables, ("crm_shop", "id")]:
            cursor.execute(
                f"SELECT t::text FROM {table} t WHERE {column} = %s ORDER BY 1",  # noqa: S608
                [shop.pk],
            )
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()
