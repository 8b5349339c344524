"""The life of a mail row, from queueing to what the server made of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from crm.customers.enums import SuppressionScope
from crm.customers.models import Customer, Suppression
from crm.customers.services import is_suppressed
from crm.mail.backoff import WAITS
from crm.mail.enums import Fate, MailReason, MailState, Purpose
from crm.mail.models import Mail, MailContent, MailEvent
from crm.mail.selectors import database_now, mails_of, sender_paused_until
from crm.mail.services import (
    LEASE,
    Parcel,
    Turn,
    begin_sending,
    block,
    cancel,
    hold,
    queue_mail,
    record_outcome,
    take_turn,
)
from crm.mail.smtp import Outcome, Transport, deliver
from crm.mail.tokens import unsubscribe_url
from crm.mail.unsubscribing import unsubscribe
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.mail.conftest import WORDS, Queue
from tests.factories import make_customer
from tests.smtp_server import SILENCE, SmtpServer

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ACCEPTED = Outcome(Fate.ACCEPTED, 250, "2.0.0 taken")
AWAY = Outcome(Fate.RETRY, None, "Connection refused")
NO_SUCH_USER = Outcome(Fate.RECIPIENT_REFUSED, 550, "5.1.1 no such user")
NOT_THIS_ONE = Outcome(Fate.MESSAGE_REFUSED, 554, "5.6.0 cannot read this")
NOT_FROM_YOU = Outcome(Fate.SENDER_REFUSED, 535, "5.7.8 wrong password")
NO_ANSWER = Outcome(Fate.UNKNOWN, None, "Connection unexpectedly closed")

REACHED = (MailState.ACCEPTED, MailState.DELIVERED, MailState.BOUNCED, MailState.COMPLAINED,
           MailState.BLOCKED, MailState.CANCELLED, MailState.UNKNOWN)  # fmt: skip


def begin(mail: Mail) -> Parcel:
    turn = take_turn(mail.pk)
    assert turn.mail is not None
    parcel = begin_sending(turn.mail)
    assert parcel is not None
    return parcel


def send(mail: Mail, outcome: Outcome, *, jitter: float = 0) -> Mail:
    """The mail after its way through all three steps."""
    begin(mail)
    record_outcome(mail.pk, outcome, jitter=jitter)
    return now_is(mail)


def now_is(mail: Mail) -> Mail:
    return Mail.objects.get(pk=mail.pk)


def change(mail: Mail, **fields: Any) -> None:
    Mail.objects.filter(pk=mail.pk).update(**fields)


def is_stopped(mail: Mail, address: str = "kayo@example.com") -> bool:
    return is_suppressed(shop_id=mail.shop_id, address=address, scope=SuppressionScope.SURVEY)


def work_due_at(mail: Mail) -> datetime | None:
    row = Work.objects.filter(shop_id=mail.shop_id, kind="send", ref=mail.pk).first()
    return row.due_at if row else None


# -- queueing ----------------------------------------------------------------------------


def test_a_queued_mail_waits_with_its_words_until_it_is_due(queue: Queue) -> None:
    in_an_hour = database_now() + timedelta(hours=1)

    mail = queue(due_at=in_an_hour)

    assert (mail.state, mail.to_address, mail.tries) == (MailState.DUE, "kayo@example.com", 0)
    assert (mail.content.subject, mail.content.text) == (WORDS.subject, WORDS.text)
    assert work_due_at(mail) == in_an_hour


def test_queueing_the_same_mail_again_changes_nothing(queue: Queue) -> None:
    first = queue()
    change(first, state=MailState.CANCELLED)

    second = queue(due_at=database_now() + DAY)

    assert (second.pk, second.state) == (first.pk, MailState.CANCELLED)
    assert Mail.objects.count() == MailContent.objects.count() == 1


def test_the_list_of_mails_can_be_narrowed_to_states(queue: Queue) -> None:
    due, called_off = queue(), queue(dedup_key="test:2")
    cancel(called_off, reason="test")

    assert set(mails_of(due.shop_id)) == {due, called_off}
    assert list(mails_of(due.shop_id, states=[MailState.DUE])) == [due]


# -- whose turn it is ------------------------------------------------------------------------


def test_a_due_mail_has_its_turn(queue: Queue) -> None:
    mail = queue()

    assert take_turn(mail.pk) == Turn(mail=mail)


def test_a_mail_that_is_not_due_is_looked_at_when_it_is(queue: Queue) -> None:
    later = database_now() + timedelta(hours=1)
    mail = queue(due_at=later)

    assert take_turn(mail.pk) == Turn(again_at=later)


def test_a_mail_past_its_use_is_called_off(queue: Queue) -> None:
    now = database_now()
    mail = queue(due_at=now - DAY, expires_at=now)

    assert take_turn(mail.pk) == Turn()
    assert (now_is(mail).state, now_is(mail).reason) == (MailState.CANCELLED, MailReason.TOO_LATE)


@pytest.mark.parametrize("state", REACHED)
def test_nothing_is_to_be_done_for_a_mail_that_has_reached_its_end(
    queue: Queue, state: MailState
) -> None:
    mail = queue()
    change(mail, state=state)

    assert take_turn(mail.pk) == Turn()
    assert now_is(mail).state == state


def test_nothing_is_to_be_done_for_a_mail_that_is_gone(queue: Queue) -> None:
    assert take_turn(queue().pk + 1) == Turn()


def test_a_mail_in_the_middle_of_sending_is_left_alone_until_its_lease_ends(queue: Queue) -> None:
    mail = queue()
    parcel = begin(mail)

    assert take_turn(mail.pk) == Turn(again_at=parcel.lease_until)
    assert now_is(mail).state == MailState.SENDING


def test_a_mail_whose_sender_died_is_unknown_and_never_sent_again(queue: Queue) -> None:
    mail = queue()
    begin(mail)
    change(mail, sending_since=database_now() - LEASE)

    turns = [take_turn(mail.pk), take_turn(mail.pk)]

    assert turns == [Turn(), Turn()]
    assert (now_is(mail).state, now_is(mail).reason) == (MailState.UNKNOWN, MailReason.INTERRUPTED)


# -- waiting and refraining --------------------------------------------------------------------


def test_a_held_mail_stays_due_with_a_later_moment_and_a_reason(queue: Queue) -> None:
    mail = queue()
    until = database_now() + timedelta(hours=1)

    assert hold(mail, until=until, reason="night") == until
    row = now_is(mail)
    assert (row.state, row.due_at, row.reason) == (MailState.DUE, until, "night")


@pytest.mark.parametrize("past", [timedelta(0), timedelta(hours=1)])
def test_a_mail_held_past_its_use_is_called_off(queue: Queue, past: timedelta) -> None:
    mail = queue()

    assert hold(mail, until=mail.expires_at + past, reason="night") is None
    assert (now_is(mail).state, now_is(mail).reason) == (MailState.CANCELLED, MailReason.TOO_LATE)


@pytest.mark.parametrize(
    ("stop", "state"), [(block, MailState.BLOCKED), (cancel, MailState.CANCELLED)]
)
def test_a_waiting_mail_can_be_stopped(
    queue: Queue, stop: Callable[..., bool], state: MailState
) -> None:
    mail = queue()

    assert stop(mail, reason="budget") is True
    assert (now_is(mail).state, now_is(mail).reason) == (state, "budget")


@pytest.mark.parametrize("stop", [block, cancel])
def test_a_mail_that_has_left_cannot_be_stopped(queue: Queue, stop: Callable[..., bool]) -> None:
    as_seen_on_a_page = queue()
    begin(as_seen_on_a_page)

    assert stop(as_seen_on_a_page, reason="budget") is False
    assert now_is(as_seen_on_a_page).state == MailState.SENDING


# -- sending -------------------------------------------------------------------------------


def test_a_mail_is_written_down_as_being_sent_before_it_leaves(queue: Queue) -> None:
    mail = queue()

    parcel = begin(mail)

    row = now_is(mail)
    assert (row.state, row.reason, row.tries) == (MailState.SENDING, "", 1)
    assert row.sending_since is not None
    assert parcel.lease_until == row.sending_since + LEASE


def test_a_parcel_holds_the_words_and_the_way_to_stop_them(
    queue: Queue, customer: Customer
) -> None:
    mail = queue()

    parcel = begin(mail)

    letter = message_from_bytes(parcel.content, policy=policy.default)
    assert letter["From"].addresses[0].display_name == "おとなり茶舗"
    assert letter["From"].addresses[0].addr_spec == parcel.sender == "horetsu@localhost"
    assert letter["To"] == parcel.recipient == "kayo@example.com"
    assert letter["Reply-To"] == "owner@otonari.example"
    assert letter["Subject"] == WORDS.subject
    assert letter["Message-ID"] == f"<{mail.message_id}@localhost>"
    assert letter["List-Unsubscribe"] == f"<{unsubscribe_url(customer)}>"


def test_a_mail_goes_to_the_address_the_person_has_now(queue: Queue, customer: Customer) -> None:
    mail = queue()
    Customer.objects.filter(pk=customer.pk).update(email="kayo@new.example")

    parcel = begin(mail)

    assert parcel.recipient == now_is(mail).to_address == "kayo@new.example"


def test_a_mail_to_an_impossible_address_is_refrained_from(
    queue: Queue, customer: Customer
) -> None:
    mail = queue()
    Customer.objects.filter(pk=customer.pk).update(email="佳代@example.com")
    turn = take_turn(mail.pk)
    assert turn.mail

    assert begin_sending(turn.mail) is None
    assert (now_is(mail).state, now_is(mail).reason) == (MailState.BLOCKED, MailReason.UNMAILABLE)


def test_a_shop_without_an_address_for_replies_still_sends(queue: Queue, shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(contact_email="店@茶舗.example")

    parcel = begin(queue())

    assert b"Reply-To" not in parcel.content


# -- what the server made of it --------------------------------------------------------------


def test_an_accepted_mail_is_sent(queue: Queue) -> None:
    mail = send(queue(), ACCEPTED)

    assert (mail.state, mail.reason) == (MailState.ACCEPTED, "")
    assert mail.accepted_at is not None
    assert work_due_at(mail) is None


def test_the_servers_words_are_kept_once(queue: Queue) -> None:
    mail = send(queue(), ACCEPTED)

    record_outcome(mail.pk, NO_SUCH_USER, jitter=0)

    [event] = MailEvent.objects.all()
    assert (event.kind, event.code, event.text) == ("accepted", 250, "2.0.0 taken")
    assert now_is(mail).state == MailState.ACCEPTED
    assert not is_stopped(mail)


def test_a_mail_that_could_not_be_handed_over_waits_longer_each_time(queue: Queue) -> None:
    mail = queue()
    waited = []
    for _ in range(3):
        mail = send(mail, AWAY)
        assert mail.sending_since
        waited.append(round((mail.due_at - mail.sending_since) / timedelta(minutes=1)))
        assert (mail.state, mail.reason) == (MailState.DUE, MailReason.SERVER_AWAY)
        assert work_due_at(mail) == mail.due_at
        change(mail, due_at=database_now())

    assert waited == [1, 5, 15]
    assert MailEvent.objects.count() == mail.tries == 3


def test_an_outcome_that_is_recorded_twice_does_not_lose_the_next_try(queue: Queue) -> None:
    mail = send(queue(), AWAY)

    record_outcome(mail.pk, AWAY, jitter=0)

    assert now_is(mail).due_at == mail.due_at == work_due_at(mail)


def test_jitter_reaches_the_schedule(queue: Queue) -> None:
    mail = send(queue(), AWAY, jitter=0.5)

    assert mail.sending_since
    assert mail.due_at - mail.sending_since > WAITS[0] * 1.09


def test_a_mail_is_not_tried_past_its_use(queue: Queue) -> None:
    mail = send(queue(expires_at=database_now() + timedelta(seconds=30)), AWAY)

    assert (mail.state, mail.reason) == (MailState.CANCELLED, MailReason.TOO_LATE)
    assert work_due_at(mail) is None


def test_an_address_that_does_not_exist_is_never_written_to_again(queue: Queue, shop: Shop) -> None:
    waiting = queue(dedup_key="test:2")
    for_another = queue(dedup_key="test:3", customer=make_customer(shop))

    mail = send(queue(), NO_SUCH_USER)

    assert (mail.state, mail.reason) == (MailState.BOUNCED, MailReason.NO_SUCH_ADDRESS)
    assert is_stopped(mail)
    assert now_is(waiting).state == MailState.CANCELLED
    assert now_is(for_another).state == MailState.DUE


def test_a_refused_mail_leaves_the_address_alone(queue: Queue) -> None:
    mail = send(queue(), NOT_THIS_ONE)

    assert (mail.state, mail.reason) == (MailState.BOUNCED, MailReason.MESSAGE_REFUSED)
    assert not is_stopped(mail)


def test_when_we_are_refused_the_mail_waits_and_nobody_is_blamed(queue: Queue) -> None:
    mail = send(queue(), NOT_FROM_YOU)

    assert (mail.state, mail.reason) == (MailState.DUE, MailReason.SENDER_REFUSED)
    assert mail.due_at > database_now()
    assert work_due_at(mail) == mail.due_at
    assert not Suppression.objects.exists()


def test_the_log_says_that_we_are_refused_and_not_whom_we_wrote_to(
    queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    echo = Outcome(Fate.SENDER_REFUSED, 550, "5.7.1 <kayo@example.com>: relay access denied")

    mail = send(queue(), echo)

    assert f"refuses us (550) for mail {mail.pk}" in caplog.text
    assert "kayo" not in caplog.text


def test_when_we_are_refused_the_other_mails_of_the_shop_wait_as_well(queue: Queue) -> None:
    other, too_late = queue(dedup_key="test:2"), queue(dedup_key="test:3")
    change(too_late, expires_at=database_now() + timedelta(minutes=5))

    refused = send(queue(), NOT_FROM_YOU)

    assert take_turn(other.pk) == Turn(again_at=refused.due_at)
    assert (now_is(other).due_at, now_is(other).reason) == (refused.due_at, refused.reason)
    assert take_turn(too_late.pk) == Turn()
    assert now_is(too_late).state == MailState.CANCELLED


def test_a_mail_that_waits_for_another_reason_holds_no_other(queue: Queue) -> None:
    waiting, other = queue(), queue(dedup_key="test:2")
    hold(waiting, until=database_now() + timedelta(hours=1), reason="night")

    assert take_turn(other.pk) == Turn(mail=other)


def test_the_mails_of_another_shop_go_on(queue: Queue, shop: Shop, other_shop: Shop) -> None:
    send(queue(), NOT_FROM_YOU)

    assert sender_paused_until(shop.pk, now=database_now())
    assert not sender_paused_until(other_shop.pk, now=database_now())


def test_after_the_wait_one_mail_tries_for_all_and_each_refusal_is_longer(queue: Queue) -> None:
    first, second = queue(), queue(dedup_key="test:2")
    first = send(first, NOT_FROM_YOU)
    take_turn(second.pk)
    assert first.sending_since
    waited = [first.due_at - first.sending_since]
    Mail.objects.update(due_at=database_now())

    first = send(first, NOT_FROM_YOU)

    assert first.sending_since
    waited.append(first.due_at - first.sending_since)
    assert [round(wait / timedelta(minutes=1)) for wait in waited] == [15, 60]
    assert take_turn(second.pk) == Turn(again_at=first.due_at)


def test_when_the_server_has_us_again_all_mails_go(queue: Queue) -> None:
    first, second = queue(), queue(dedup_key="test:2")
    send(first, NOT_FROM_YOU)
    take_turn(second.pk)
    Mail.objects.update(due_at=database_now())

    send(first, ACCEPTED)

    assert take_turn(second.pk) == Turn(mail=second)


def test_a_mail_without_an_answer_is_unknown_and_never_sent_again(queue: Queue) -> None:
    mail = send(queue(), NO_ANSWER)

    assert (mail.state, mail.reason) == (MailState.UNKNOWN, MailReason.NO_ANSWER)
    assert take_turn(mail.pk) == Turn()
    assert work_due_at(mail) is None


@pytest.mark.parametrize(
    ("outcome", "state"), [(ACCEPTED, MailState.ACCEPTED), (AWAY, MailState.DUE)]
)
def test_a_late_word_of_the_server_puts_an_unknown_mail_right(
    queue: Queue, outcome: Outcome, state: MailState
) -> None:
    mail = queue()
    begin(mail)
    change(mail, sending_since=database_now() - LEASE)
    take_turn(mail.pk)

    record_outcome(mail.pk, outcome, jitter=0)

    assert now_is(mail).state == state


def test_an_outcome_for_a_mail_that_was_erased_is_dropped(queue: Queue) -> None:
    mail = queue()
    begin(mail)
    Mail.objects.filter(pk=mail.pk).delete()

    record_outcome(mail.pk, ACCEPTED, jitter=0)

    assert not MailEvent.objects.exists()


def test_a_mail_the_server_took_without_a_word_arrives_once(queue: Queue) -> None:
    mail = queue()
    with SmtpServer() as server:
        server.fail("DOT", SILENCE)

        parcel = begin(mail)
        outcome = deliver(
            parcel.content,
            sender=parcel.sender,
            recipient=parcel.recipient,
            transport=Transport("127.0.0.1", server.port, timeout=0.5),
        )
        record_outcome(mail.pk, outcome, jitter=0)
        server.heal()

        assert take_turn(mail.pk) == Turn()
        assert len(server.messages) == 1


# -- two at once -------------------------------------------------------------------------------


def _unsubscribe(mail: Mail) -> None:
    unsubscribe(shop_id=mail.shop_id, customer_id=mail.customer_id, at=timezone.now(), evidence={})


def _erase(mail: Mail) -> None:
    Customer.objects.filter(pk=mail.customer_id).update(email="", erased_at=timezone.now())


def _delete(mail: Mail) -> None:
    Customer.objects.filter(pk=mail.customer_id).delete()


def _send_another(mail: Mail) -> None:
    take_turn(Mail.objects.exclude(pk=mail.pk).get().pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("meddle", [_unsubscribe, _erase, _delete, _send_another])
def test_while_a_mail_is_decided_on_nobody_else_writes_to_the_person_or_changes_them(
    shop: Shop, meddle: Callable[[Mail], None]
) -> None:
    with tenant(shop):
        customer = make_customer(shop)
        mail, _other = [
            queue_mail(
                customer=customer,
                purpose=Purpose.NPS,
                words=WORDS,
                due_at=database_now(),
                expires_at=database_now() + DAY,
                dedup_key=f"test:{n}",
            )
            for n in range(2)
        ]

    def without_patience() -> None:
        try:
            with tenant(shop):
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '50ms'")
                meddle(mail)
        finally:
            connection.close()

    with tenant(shop), ThreadPoolExecutor(1) as pool:
        take_turn(mail.pk)
        meddling = pool.submit(without_patience)

        with pytest.raises(OperationalError, match="lock timeout"):
            meddling.result()


@pytest.mark.django_db(transaction=True)
def test_a_person_merged_while_we_waited_for_them_is_the_one_who_is_held(shop: Shop) -> None:
    with tenant(shop):
        before, after = make_customer(shop), make_customer(shop)
        mail = queue_mail(
            customer=before,
            purpose=Purpose.NPS,
            words=WORDS,
            due_at=database_now(),
            expires_at=database_now() + DAY,
            dedup_key="test:1",
        )

    def is_held_elsewhere() -> bool:
        try:
            with tenant(shop):
                Customer.objects.select_for_update(no_key=True, nowait=True).get(pk=after.pk)
                return False
        except OperationalError:
            return True
        finally:
            connection.close()

    def take() -> tuple[Turn, bool]:
        try:
            with tenant(shop), ThreadPoolExecutor(1) as pool:
                return take_turn(mail.pk), pool.submit(is_held_elsewhere).result()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with tenant(shop):
            Customer.objects.filter(pk=before.pk).update(merged_into=after)
            taking = pool.submit(take)
            while not _somebody_waits():
                assert not taking.done()
            change(mail, customer=after)

        turn, is_held = taking.result()

    assert turn.mail
    assert turn.mail.customer == after
    assert is_held


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
