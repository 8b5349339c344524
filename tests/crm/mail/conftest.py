from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm.customers.models import Customer
from crm.mail.enums import Purpose
from crm.mail.models import Mail
from crm.mail.selectors import database_now
from crm.mail.services import Words, queue_mail
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from tests.factories import make_customer

WORDS = Words("ja", "その後、いかがでしょうか", "山口 佳代さま\n", "<p>山口 佳代さま</p>\n")

Queue = Callable[..., Mail]


@pytest.fixture
def _inside(shop: Shop) -> Iterator[None]:
    """The test runs within the shop's door."""
    with tenant(shop):
        yield


@pytest.fixture
def customer(shop: Shop, _inside: None) -> Customer:
    return make_customer(shop, email="kayo@example.com")


@pytest.fixture
def queue(customer: Customer) -> Queue:
    """Queues a mail that is due and of use for a day; keyword arguments say otherwise."""

    def queue(**kwargs: Any) -> Mail:
        now = database_now()
        options: dict[str, Any] = {
            "customer": customer,
            "purpose": Purpose.EVALUATION,
            "words": WORDS,
            "due_at": now,
            "expires_at": now + timedelta(days=1),
            "dedup_key": "test:1",
        }
        return queue_mail(**options | kwargs)

    return queue
