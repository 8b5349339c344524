"""Mail to those who work here: a page writes a row, a worker hands it over."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from crm.mail import account_mail
from crm.mail.account_mail import MOST_DOUBTS, is_due, send_next
from crm.mail.enums import Fate
from crm.mail.models import AccountMail
from crm.mail.smtp import Outcome
from crm.work.selectors import kinds_due
from crm.work.tasks import sweep

pytestmark = pytest.mark.django_db

BACKEND = "crm.mail.account_mail.TableBackend"


@pytest.fixture
def server(monkeypatch):
    """A mail server that takes, or does, what the test says; and what it was given."""

    class Server:
        def __init__(self):
            self.fate = Fate.ACCEPTED
            self.given = []

        def deliver(self, content, *, sender, recipient, transport):
            self.given.append((recipient, content.decode("ascii")))
            if isinstance(self.fate, Exception):
                raise self.fate
            return Outcome(self.fate, 250, "")

    server = Server()
    monkeypatch.setattr(account_mail, "deliver", server.deliver)
    monkeypatch.setattr(account_mail, "transport_from_url", lambda url: None)
    return server


def write(to="miura@otonari.example", subject="コード", **kwargs):
    message = EmailMessage(subject, "ABCD-EFGH", to=[to], **kwargs)
    return get_connection(BACKEND).send_messages([message])


def let_it_be_due():
    AccountMail.objects.update(due_at=timezone.now() - timedelta(seconds=1), lease_until=None)


def test_the_site_sends_its_own_mail_this_way():
    import horetsu_site.settings as real

    assert real.EMAIL_BACKEND == BACKEND


def test_a_mail_is_handed_over_and_its_row_goes_with_its_code(server):
    write()
    assert is_due()

    assert send_next() is True

    ((recipient, content),) = server.given
    assert recipient == "miura@otonari.example"
    assert "ABCD-EFGH" in content
    assert not AccountMail.objects.exists()
    assert send_next() is None


def test_the_sweep_finds_it_although_no_bell_was_heard(server):
    write()
    write()

    assert account_mail.KIND in kinds_due()
    assert sweep("any other kind") == 0
    assert sweep(account_mail.KIND) == 2


@pytest.mark.parametrize("fate", [Fate.RETRY, Fate.SENDER_REFUSED, RuntimeError("broken")])
def test_while_no_server_takes_it_the_mail_waits_and_is_the_same_mail(server, fate):
    server.fate = fate
    write()

    assert send_next() is False
    assert not is_due()
    let_it_be_due()
    server.fate = Fate.ACCEPTED
    assert send_next() is True

    ids = {line for _to, mail in server.given for line in mail.splitlines() if "essage-ID" in line}
    assert len(server.given) == 2
    assert len(ids) == 1


def test_a_mail_of_no_use_any_more_is_given_up(server):
    server.fate = Fate.RETRY
    write()
    AccountMail.objects.update(expires_at=timezone.now())

    send_next()

    assert not AccountMail.objects.exists()


@pytest.mark.parametrize("fate", [Fate.RECIPIENT_REFUSED, Fate.MESSAGE_REFUSED])
def test_a_mail_nobody_takes_is_given_up_and_no_address_logged(server, fate, caplog):
    server.fate = fate
    write()

    send_next()

    assert not AccountMail.objects.exists()
    assert "given up" in caplog.text
    assert "miura" not in caplog.text
    assert "ABCD" not in caplog.text


def test_where_nobody_knows_it_is_sent_again_but_not_for_ever(server):
    server.fate = Fate.UNKNOWN
    write()
    while AccountMail.objects.exists():
        let_it_be_due()
        send_next()

    assert len(server.given) == MOST_DOUBTS


def test_who_lost_the_lease_does_not_settle_anothers_try(server):
    write()
    AccountMail.objects.update(tries=3)
    stale = AccountMail(pk=AccountMail.objects.get().pk, tries=2)

    account_mail._settle(stale, Fate.ACCEPTED)

    assert AccountMail.objects.exists()


def test_an_address_no_server_reads_gets_no_row():
    assert write(to="三浦@otonari.example") == 0
    assert not AccountMail.objects.exists()


def test_a_line_end_in_a_subject_begins_no_header(server):
    write(subject="コード\r\nBcc: x@y.example", reply_to=["a@b.example"])

    send_next()

    head = server.given[0][1].partition("\r\n\r\n")[0]
    assert not any(line.startswith("Bcc") for line in head.splitlines())
    assert "Reply-To: a@b.example" in head


def test_html_is_sent_beside_the_text(server):
    message = EmailMultiAlternatives("件名", "本文", to=["a@b.example"])
    message.attach_alternative("<p>本文</p>", "text/html")
    get_connection(BACKEND).send_messages([message])

    send_next()

    assert "multipart/alternative" in server.given[0][1]


def test_a_page_that_sends_needs_no_server_and_no_broker(settings, monkeypatch):
    settings.EMAIL_BACKEND = BACKEND
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    monkeypatch.setattr("crm.work.bell._silent_until", 0.0)
    monkeypatch.setattr("crm.work.bell.current_app.send_task", _away)

    response = Client().post("/password/reset/", {"email": "nobody@otonari.example"})

    assert response.status_code == 302
    assert AccountMail.objects.count() == 1


def _away(*args, **kwargs):
    raise ConnectionError


@pytest.mark.django_db(transaction=True)
def test_two_workers_hand_over_two_mails_and_never_the_same(server):
    write(to="a@b.example")
    write(to="c@d.example")
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT id FROM crm_accountmail ORDER BY due_at LIMIT 1 FOR UPDATE")

        assert send_next() is True
        assert send_next() is None

        other.rollback()
    other.close()
    assert len(server.given) == 1
    assert send_next() is True
    assert connection.in_atomic_block is False
