"""The one door to a shop's rows: pages, handlers, commands and tests all pass through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connection, transaction
from django_scopes import scope


class HasPk(Protocol):
    pk: int


@contextmanager
def tenant(shop: HasPk | int) -> Iterator[None]:
    """Run the block as one transaction that sees and writes this shop's rows only.

    Commits at its end, rolls back on an exception. It is always the outermost
    transaction (RuntimeError otherwise): a nested one would leave its shop set for
    whatever follows in the outer. What streams or runs after commit opens its own.
    """
    shop_id = shop if isinstance(shop, int) else shop.pk
    with transaction.atomic(durable=True), scope(shop=shop_id):
        _set_shop(str(shop_id))
        yield
        # The setting ends with the transaction. In a test ours is within another that goes
        # on, so it is taken back by hand; a failed one takes it back by itself.
        if connection.savepoint_ids and not connection.needs_rollback:
            _set_shop("")


def word_behind_door(path: str) -> str:
    """The second word of a path, such as the slug in "/shops/<slug>/…"; "" without one."""
    return [*path.split("/", 3), "", ""][2]


def _set_shop(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.shop_id', %s, true)", [value])
