"""Somebody is erased while a mail to them is due, about to leave, or on the wire; while they
answer; while a file tells of them.

Each meets the other at the worst moment, in a connection of its own, as processes would.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crm.customers.erasing import erase
from crm.customers.intake import OrderIn, one_at_a_time, take_in_orders
from crm.customers.models import Customer, Suppression
from crm.customers.register import PersonIn
from crm.customers.selectors import present_customers
from crm.guard import tasks as guard
from crm.ledger.models import TouchpointText
from crm.mail.enums import Fate, MailReason, MailState, Purpose
from crm.mail.models import Mail, MailContent, MailEvent
from crm.mail.selectors import database_now
from crm.mail.services import begin_sending, queue_mail, record_outcome, take_turn
from crm.mail.smtp import Outcome
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.services import claim, run
from surveys.answering import record_answer
from surveys.opening import open_invitation
from tests.crm.mail.conftest import WORDS
from tests.factories import NOON, make_customer
from tests.surveys.visits import invite

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "kayo@example.com"


@pytest.fixture
def kayo(shop: Shop) -> Customer:
    with tenant(shop):
        return make_customer(shop, email=ADDRESS, name="山口 佳代")


@pytest.fixture
def mail(shop: Shop, kayo: Customer) -> Mail:
    """A mail to her that is due."""
    with tenant(shop):
        now = database_now()
        return queue_mail(
            customer=kayo,
            purpose=Purpose.NEW_LINK,
            words=WORDS,
            due_at=now,
            expires_at=now + timedelta(days=1),
            dedup_key="test:1",
        )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What left the house."""
    sent: list[bytes] = []

    def deliver(content: bytes, **kwargs: Any) -> Outcome:
        sent.append(content)
        return Outcome(Fate.ACCEPTED, 250, "2.0.0 OK")

    monkeypatch.setattr(guard, "deliver", deliver)
    return sent


def elsewhere(pool: ThreadPoolExecutor, function: Callable[..., Any], *args: Any) -> Future[Any]:
    """Begin the function in a connection of its own."""

    def apart() -> Any:
        try:
            return function(*args)
        finally:
            connection.close()

    return pool.submit(apart)


def until_somebody_waits(future: Future[Any]) -> None:
    """Return when the other is kept waiting by a lock."""
    with connection.cursor() as cursor:
        waiting = False
        while not waiting:
            assert not future.done(), "it went ahead instead of waiting"
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            waiting = cursor.fetchone()[0]


def erase_her(shop: Shop, customer: Customer) -> None:
    with tenant(shop):
        erase(customer=Customer.objects.get(pk=customer.pk), at=timezone.now(), by=None)


def send_what_is_due() -> None:
    Work.objects.exclude(kind="send").delete()
    for row in claim("send"):
        run(row)


def test_a_mail_that_was_due_is_not_sent(
    shop: Shop, kayo: Customer, mail: Mail, sent: list[bytes]
) -> None:
    erase_her(shop, kayo)

    send_what_is_due()

    assert sent == []
    with tenant(shop):
        assert Mail.objects.get().reason == MailReason.ERASED


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.ACCEPTED, MailState.ACCEPTED),
        (Fate.RETRY, MailState.CANCELLED),
        (Fate.SENDER_REFUSED, MailState.CANCELLED),
        (Fate.RECIPIENT_REFUSED, MailState.BOUNCED),
        (Fate.UNKNOWN, MailState.UNKNOWN),
    ],
)
def test_a_mail_that_has_its_turn_leaves_first_and_nothing_of_it_is_kept(
    shop: Shop, kayo: Customer, mail: Mail, fate: Fate, state: MailState
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with tenant(shop):
            turn = take_turn(mail.pk)
            assert turn.mail
            erasing = elsewhere(pool, erase_her, shop, kayo)
            until_somebody_waits(erasing)
            assert begin_sending(turn.mail)
        erasing.result()

    with tenant(shop):
        record_outcome(mail.pk, Outcome(fate, 550, f"5.1.1 <{ADDRESS}> unknown"), jitter=0)

        mail.refresh_from_db()
        assert (mail.state, mail.to_address) == (state, "")
        assert MailEvent.objects.get().text == ""
        assert not MailContent.objects.exists()
        assert Suppression.objects.count() == 1


def test_a_mail_whose_turn_comes_while_they_are_erased_is_not_sent(
    shop: Shop, kayo: Customer, mail: Mail, sent: list[bytes]
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with tenant(shop):
            erase(customer=kayo, at=timezone.now(), by=None)
            sending = elsewhere(pool, send_what_is_due)
            until_somebody_waits(sending)
        sending.result()

    assert sent == []


def test_the_words_of_an_answer_that_was_under_way_are_forgotten_too(shop: Shop) -> None:
    invitation, _path = invite(shop)
    with ThreadPoolExecutor(1) as pool, tenant(shop):
        opened = open_invitation(shop.pk, invitation.pk, lock=True)
        assert opened
        record_answer(
            opened=opened, score=9, words="香りがよかったです。", at=timezone.now(),
            zone=shop.zone, signals=[],
        )  # fmt: skip
        elsewhere(pool, erase_her, shop, invitation.customer).result()
    with tenant(shop):
        assert TouchpointText.objects.exists(), "they came in after the erasure"
    Work.objects.exclude(kind="forget").delete()
    Work.objects.update(due_at=NOON)

    (row,) = claim("forget")
    run(row)

    with tenant(shop):
        assert not TouchpointText.objects.exists()


def tell(shop: Shop, *, order: str) -> None:
    with tenant(shop):
        take_in_orders(
            shop_id=shop.pk,
            source="cart",
            orders=[
                OrderIn(
                    order,
                    PersonIn("7", ADDRESS, "山口 佳代"),
                    ordered_at=NOON,
                    total=1,
                    currency="JPY",
                )
            ],
        )


def test_a_file_under_way_does_not_write_back_what_it_has_read(shop: Shop, kayo: Customer) -> None:
    with ThreadPoolExecutor(1) as pool:
        with tenant(shop):
            one_at_a_time(shop.pk)  # as an intake does before it reads anybody
            erasing = elsewhere(pool, erase_her, shop, kayo)
            until_somebody_waits(erasing)
            Customer.objects.filter(pk=kayo.pk).update(name="山口 佳代子")
        erasing.result()

    with tenant(shop):
        kayo.refresh_from_db()
        assert kayo.name == ""


def test_a_file_that_waits_for_an_erasure_finds_nobody_then(shop: Shop, kayo: Customer) -> None:
    with ThreadPoolExecutor(1) as pool:
        with tenant(shop):
            erase(customer=kayo, at=timezone.now(), by=None)
            telling = elsewhere(pool, lambda: tell(shop, order="1"))
            until_somebody_waits(telling)
        telling.result()

    with tenant(shop):
        assert not present_customers(shop.pk).exists()
        assert kayo.purchases.count() == 1
