"""The way out, step by step, with a real mail server that fails on demand."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.customers.enums import SuppressionReason, SuppressionScope
from crm.customers.models import Suppression
from crm.customers.services import is_suppressed, suppress
from crm.guard.enums import Moment, Reason, Verdict
from crm.guard.models import GuardDecision, GuardSettings
from crm.ledger.enums import Kind
from crm.mail.enums import MailState, Purpose
from crm.mail.models import Mail
from crm.mail.services import LEASE, Words, queue_mail
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.tasks import work_off
from tests.factories import make_customer, make_purchase, make_touchpoint
from tests.smtp_server import DROP, SmtpServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}?timeout=1"
        yield server


@pytest.fixture
def waking_shop(shop: Shop) -> Shop:
    """Our shop without a night, so that no test depends on the hour."""
    with tenant(shop):
        GuardSettings.objects.create(shop=shop, night_from=time(0), night_until=time(0))
    return shop


def queue(shop: Shop, purpose: Purpose = Purpose.EVALUATION, **kwargs: Any) -> Mail:
    now = timezone.now()
    with tenant(shop):
        customer = kwargs.pop("customer", None) or make_customer(shop)
        purchase = make_purchase(customer, ordered_at=now - timedelta(days=10))
        return queue_mail(
            customer=customer,
            purpose=purpose,
            purchase=purchase,
            words=Words(language="ja", subject="いかがでしょうか", text="本文", html="<p>本文</p>"),
            due_at=now - timedelta(minutes=1),
            expires_at=kwargs.pop("expires_at", now + timedelta(days=14)),
            dedup_key=f"test:{customer.pk}:{purpose}",
        )


def state_of(mail: Mail) -> tuple[str, str]:
    with tenant(mail.shop_id):
        mail.refresh_from_db()
    return mail.state, mail.reason


def test_a_mail_that_nothing_speaks_against_is_sent_once(waking_shop, server):
    mail = queue(waking_shop)

    for _ in range(2):
        work_off("send")

    assert len(server.messages) == 1
    assert state_of(mail) == (MailState.ACCEPTED, "")
    message = server.messages[0].parsed
    assert message["Message-ID"] == f"<{mail.message_id}@localhost>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_was_said_between_planning_and_sending_counts(waking_shop, server):
    mail = queue(waking_shop)
    with tenant(waking_shop):
        suppress(
            shop_id=waking_shop.pk,
            address=mail.to_address,
            reason=SuppressionReason.UNSUBSCRIBED,
            at=timezone.now(),
        )

    work_off("send")

    assert server.messages == []
    assert state_of(mail) == (MailState.BLOCKED, Reason.SUPPRESSED)


def test_a_stage_that_fell_meanwhile_is_seen_before_the_mail_leaves(waking_shop, server):
    """The facts wait for their review; the guard does not wait with them."""
    with tenant(waking_shop):
        customer = make_customer(waking_shop)
        make_touchpoint(customer, Kind.NPS, value=9, at=timezone.now() - timedelta(days=20))
    mail = queue(waking_shop, customer=customer)
    with tenant(waking_shop):
        make_touchpoint(customer, Kind.COMPLAINT, at=timezone.now(), thread="c:1")

    work_off("send")

    assert server.messages == []
    assert state_of(mail) == (MailState.DUE, Reason.RECOVERY_FIRST)
    with tenant(waking_shop):
        decision = GuardDecision.objects.get()
        assert (decision.moment, decision.verdict) == (Moment.SENDING, Verdict.HOLD)
        assert Work.objects.get(kind="send").due_at == decision.until_at == mail.due_at


def test_an_observer_gets_no_nps_question(waking_shop, server):
    mail = queue(waking_shop, Purpose.NPS)

    work_off("send")

    assert server.messages == []
    assert state_of(mail) == (MailState.BLOCKED, Reason.STAGE_FORBIDS)


def test_the_second_contact_keeps_its_distance(waking_shop, server):
    with tenant(waking_shop):
        customer = make_customer(waking_shop)
        make_touchpoint(customer, Kind.NPS, value=9, at=timezone.now() - timedelta(days=20))
        make_purchase(customer, ordered_at=timezone.now() - timedelta(days=30))
    first = queue(waking_shop, Purpose.EVALUATION, customer=customer)
    work_off("send")
    second = queue(waking_shop, Purpose.NPS, customer=customer)

    work_off("send")

    assert state_of(first)[0] == MailState.ACCEPTED
    assert state_of(second) == (MailState.DUE, Reason.DISTANCE)
    assert len(server.messages) == 1


def test_a_hold_past_the_mails_use_calls_it_off(waking_shop, server):
    with tenant(waking_shop):
        customer = make_customer(waking_shop, quiet_until=timezone.now() + timedelta(days=30))
    mail = queue(waking_shop, customer=customer)

    work_off("send")

    assert server.messages == []
    assert state_of(mail)[0] == MailState.CANCELLED


def test_a_line_that_breaks_after_the_dot_is_unknown_and_never_sent_again(waking_shop, server):
    server.fail("DOT", DROP)
    mail = queue(waking_shop)

    work_off("send")
    server.heal()
    with tenant(waking_shop):
        Work.objects.update(due_at=timezone.now() - timedelta(days=1), lease_until=None)
    work_off("send")

    assert len(server.messages) == 1, "it arrived, though nobody said so"
    assert state_of(mail)[0] == MailState.UNKNOWN


def test_a_busy_server_is_asked_again_later(waking_shop, server):
    server.fail("RCPT", "450 4.2.0 busy")
    mail = queue(waking_shop)

    work_off("send")

    assert state_of(mail)[0] == MailState.DUE
    assert mail.due_at > timezone.now()
    with tenant(waking_shop):
        assert Work.objects.filter(kind="send", ref=mail.pk, parked_at=None).exists()


def test_an_address_that_does_not_exist_is_not_written_to_again(waking_shop, server):
    server.fail("RCPT", "550 5.1.1 no such user")
    mail = queue(waking_shop)

    work_off("send")

    assert state_of(mail)[0] == MailState.BOUNCED
    with tenant(waking_shop):
        assert is_suppressed(
            shop_id=waking_shop.pk, address=mail.to_address, scope=SuppressionScope.SURVEY
        )


def test_a_refusal_of_ourselves_blames_no_recipient(waking_shop, server):
    server.fail("MAIL", "550 5.7.1 you are not allowed")
    mail = queue(waking_shop)

    work_off("send")

    assert state_of(mail)[0] == MailState.DUE
    with tenant(waking_shop):
        assert not Suppression.objects.exists()


def test_a_worker_that_died_while_sending_leaves_the_mail_unknown(waking_shop, server):
    mail = queue(waking_shop)
    with tenant(waking_shop):
        Mail.objects.filter(pk=mail.pk).update(
            state=MailState.SENDING, sending_since=timezone.now() - LEASE - timedelta(minutes=5)
        )

    work_off("send")

    assert server.messages == []
    assert state_of(mail)[0] == MailState.UNKNOWN


def test_the_answer_of_the_guard_is_kept_without_address_or_name(waking_shop, server):
    mail = queue(waking_shop)

    work_off("send")

    with tenant(waking_shop):
        decision = GuardDecision.objects.get()
    assert (decision.verdict, decision.mail_id) == (Verdict.ALLOW, mail.pk)
    assert mail.to_address not in str(decision.facts)
