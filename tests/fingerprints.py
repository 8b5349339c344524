"""What a shop's rows are, in one hash: nothing was changed when it is the same as before."""

import hashlib

from django.db import connection

from crm.shops.models import Shop
from crm.tenancy.door import tenant


def fingerprint(shop: Shop, *, but: str = "") -> str:
    """A hash of every row of the shop, in every table that knows shops but one.

    Taken behind the shop's own door, where no wall hides any of its rows: what is moved to
    another shop is missing here, and what came from one is new.
    """
    digest = hashlib.sha256()
    with tenant(shop), connection.cursor() as cursor:
        for table, column in [*tables_of_shops(but), ("crm_shop", "id")]:
            cursor.execute(
                f"SELECT t::text FROM {table} t WHERE {column} = %s ORDER BY 1",  # noqa: S608
                [shop.pk],
            )
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()


def tables_of_shops(but: str = "") -> list[tuple[str, str]]:
    """Every table that knows shops, with the column that names them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE a.attname = 'shop_id' AND c.relkind IN ('r', 'p')
               AND c.relnamespace = 'public'::regnamespace AND c.relname <> %s
             ORDER BY c.relname
            """,
            [but],
        )
        return [(name, "shop_id") for (name,) in cursor.fetchall()]
