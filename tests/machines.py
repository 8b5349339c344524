"""A program that calls the API of a shop."""

from itertools import count
from typing import Any

from django.test import Client

from crm.shops.enums import Scope
from crm.shops.models import Shop
from crm.shops.services import issue_api_key

_numbers = count(1)


class Machine:
    """Holds a key of the shop, and gives every POST an Idempotency-Key of its own."""

    def __init__(self, shop: Shop, scope: Scope = Scope.WRITE) -> None:
        self.row, key = issue_api_key(shop=shop, name="machine", scope=scope)
        # A crash is an answer of 500 to a machine.
        self._client = Client(
            headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False
        )

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1/{path}", query)

    def tell(self, path: str, body: Any, *, key: str | None = None, **kwargs: Any) -> Any:
        headers = {"Idempotency-Key": f"test-{next(_numbers)}" if key is None else key}
        kwargs.setdefault("content_type", "application/json")
        return self._client.post(f"/api/v1/{path}", body, headers=headers, **kwargs)
