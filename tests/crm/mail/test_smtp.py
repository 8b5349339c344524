import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm.mail.enums import Fate
from crm.mail.smtp import Outcome, Transport, deliver, transport_from_url
from tests.smtp_server import DROP, SILENCE, Moment, SmtpServer, port_that_refuses

CERTIFICATE = Path(__file__).parents[2] / "loopback.pem"
CONTENT = b"Subject: hello\r\n\r\nOne line.\r\n.A line that begins with a dot.\r\n"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def hand_over(
    server: SmtpServer, content: bytes = CONTENT, transport: Transport | None = None
) -> Outcome:
    return deliver(
        content,
        sender="shop@otonari.example",
        recipient="kayo@example.com",
        transport=transport or plain(server),
    )


def plain(server: SmtpServer) -> Transport:
    return Transport("127.0.0.1", server.port, timeout=5)


def impatient(server: SmtpServer) -> Transport:
    return Transport("127.0.0.1", server.port, timeout=0.5)


def test_an_accepted_mail_arrives_as_it_was_sent(server: SmtpServer) -> None:
    outcome = hand_over(server)

    assert outcome == Outcome(Fate.ACCEPTED, 250, "2.0.0 taken")
    [message] = server.messages
    assert (message.sender, message.recipient) == ("shop@otonari.example", "kayo@example.com")
    assert message.content == CONTENT


def test_a_lone_line_feed_cannot_end_the_mail_early(server: SmtpServer) -> None:
    hand_over(server, b"Subject: hello\n\nbefore\n.\nMAIL FROM:<forger@example.com>\r\nafter\n")

    [message] = server.messages
    assert message.content.endswith(b"before\r\n.\r\nMAIL FROM:<forger@example.com>\r\nafter\r\n")


def test_a_server_that_is_away_is_tried_again() -> None:
    with port_that_refuses() as port:
        outcome = deliver(
            CONTENT, sender="a@a.example", recipient="b@b.example",
            transport=Transport("127.0.0.1", port, timeout=5),
        )  # fmt: skip

    assert outcome.fate is Fate.RETRY


def test_a_server_that_comes_back_gets_the_mail(server: SmtpServer) -> None:
    server.refuse_connections()
    first = hand_over(server)

    server.heal()
    second = hand_over(server)

    assert (first.fate, second.fate) == (Fate.RETRY, Fate.ACCEPTED)
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("moment", "answer", "fate"),
    [
        ("GREETING", "421 4.3.2 closing down", Fate.RETRY),
        ("GREETING", "554 no mail from your network", Fate.SENDER_REFUSED),
        ("EHLO", "421 too busy", Fate.RETRY),
        ("MAIL", "451 4.3.0 try later", Fate.RETRY),
        ("MAIL", "552 5.3.4 too large", Fate.MESSAGE_REFUSED),
        ("MAIL", "530 5.7.0 authentication required", Fate.SENDER_REFUSED),
        ("RCPT", "450 4.2.1 mailbox busy", Fate.RETRY),
        ("RCPT", "550 5.1.1 no such user", Fate.RECIPIENT_REFUSED),
        ("RCPT", "550 5.7.1 not from you", Fate.SENDER_REFUSED),
        ("DATA", "451 4.3.0 disk full", Fate.RETRY),
        ("DATA", "554 5.5.1 no valid recipients", Fate.MESSAGE_REFUSED),
        ("DOT", "421 4.3.2 closing down", Fate.RETRY),
        ("DOT", "451 4.3.0 try later", Fate.RETRY),
        ("DOT", "552 5.2.2 mailbox full", Fate.RETRY),
        ("DOT", "554 5.6.0 cannot read this", Fate.MESSAGE_REFUSED),
        ("DOT", "550 5.7.26 not authenticated", Fate.SENDER_REFUSED),
    ],
)
def test_a_refusal_is_understood_wherever_it_comes(
    server: SmtpServer, moment: Moment, answer: str, fate: Fate
) -> None:
    server.fail(moment, answer)

    outcome = hand_over(server)

    code, text = answer.split(" ", 1)
    assert outcome == Outcome(fate, int(code), text)
    assert server.messages == []


@pytest.mark.parametrize("moment", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("how", [DROP, SILENCE])
def test_a_break_before_the_content_is_tried_again(
    server: SmtpServer, moment: Moment, how: str
) -> None:
    server.fail(moment, how)

    outcome = hand_over(server, transport=impatient(server))

    assert (outcome.fate, outcome.code) == (Fate.RETRY, None)
    assert server.messages == []


@pytest.mark.parametrize("how", [DROP, SILENCE])
def test_a_break_amid_the_content_is_tried_again(server: SmtpServer, how: str) -> None:
    server.fail("BODY", how)
    more_than_any_socket_holds = CONTENT + b"x" * 24_000_000

    outcome = hand_over(server, more_than_any_socket_holds, impatient(server))

    assert outcome.fate is Fate.RETRY
    assert server.messages == []


@pytest.mark.parametrize("how", [DROP, SILENCE])
def test_a_break_after_the_final_dot_leaves_the_fate_unknown(server: SmtpServer, how: str) -> None:
    server.fail("DOT", how)

    outcome = hand_over(server, transport=impatient(server))

    assert (outcome.fate, outcome.code) == (Fate.UNKNOWN, None)
    assert len(server.messages) == 1  # which is why it must not be sent again


@pytest.mark.parametrize("gibberish", ["what", "354 go on", "250" + "x" * 10_000])
def test_gibberish_after_the_final_dot_leaves_the_fate_unknown(
    server: SmtpServer, gibberish: str
) -> None:
    server.fail("DOT", gibberish)

    outcome = hand_over(server)

    assert outcome.fate is Fate.UNKNOWN


def test_gibberish_before_the_content_is_tried_again(server: SmtpServer) -> None:
    server.fail("RCPT", "what")

    outcome = hand_over(server)

    assert outcome.fate is Fate.RETRY


@pytest.mark.parametrize("how", [DROP, SILENCE, "421 closing down"])
def test_what_happens_after_the_250_does_not_matter(server: SmtpServer, how: str) -> None:
    server.fail("QUIT", how)

    outcome = hand_over(server)

    assert outcome.fate is Fate.ACCEPTED
    assert len(server.messages) == 1


def test_a_slow_server_gets_the_mail(server: SmtpServer) -> None:
    server.delay(0.6, "GREETING")
    server.delay(0.8, "DOT")

    # Waiting for the verdict has a time of its own, for impatience there costs most.
    outcome = hand_over(server, transport=replace(plain(server), timeout=1.2))

    assert outcome.fate is Fate.ACCEPTED


def test_a_server_that_is_slow_at_every_step_cannot_hold_a_worker(server: SmtpServer) -> None:
    # Never silent for the half second, but over it in all.
    server.delay(0.3, "GREETING", "EHLO", "MAIL", "RCPT", "DATA")

    outcome = hand_over(server, transport=impatient(server))

    assert outcome.fate is Fate.RETRY
    assert server.messages == []


def test_logging_in_lets_the_mail_pass(server: SmtpServer) -> None:
    outcome = hand_over(
        server, transport=replace(plain(server), username="shop", password="secret")
    )

    assert outcome.fate is Fate.ACCEPTED
    assert any(command.startswith("AUTH") for command in server.commands)


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("535 5.7.8 wrong password", Fate.SENDER_REFUSED),
        ("535 wrong password", Fate.SENDER_REFUSED),
        ("454 4.7.0 too many logins", Fate.SENDER_REFUSED),
        ("421 closing down", Fate.RETRY),
        (DROP, Fate.RETRY),
    ],
)
def test_a_refused_login_is_our_fault_and_a_broken_one_is_not(
    server: SmtpServer, answer: str, fate: Fate
) -> None:
    server.fail("AUTH", answer)

    outcome = hand_over(
        server, transport=replace(plain(server), username="shop", password="secret")
    )

    assert outcome.fate is fate
    assert server.messages == []


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("is_from_start", [True, False])
def test_a_mail_travels_encrypted(tls: ssl.SSLContext, is_from_start: bool) -> None:
    with SmtpServer(tls=tls, tls_from_start=is_from_start) as server:
        transport = replace(plain(server), use_ssl=is_from_start, use_tls=not is_from_start)

        outcome = hand_over(server, transport=transport)

        assert outcome.fate is Fate.ACCEPTED
        assert ("STARTTLS" in server.commands) is not is_from_start


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("is_from_start", [True, False])
def test_the_final_dot_is_noticed_under_encryption_too(
    tls: ssl.SSLContext, is_from_start: bool
) -> None:
    with SmtpServer(tls=tls, tls_from_start=is_from_start) as server:
        server.fail("DOT", SILENCE)
        transport = replace(impatient(server), use_ssl=is_from_start, use_tls=not is_from_start)

        outcome = hand_over(server, transport=transport)

        assert outcome.fate is Fate.UNKNOWN


@pytest.mark.parametrize("is_from_start", [True, False])
def test_a_server_with_an_unknown_certificate_gets_nothing(
    tls: ssl.SSLContext, is_from_start: bool
) -> None:
    with SmtpServer(tls=tls, tls_from_start=is_from_start) as server:
        transport = replace(plain(server), use_ssl=is_from_start, use_tls=not is_from_start)

        outcome = hand_over(server, transport=transport)

        assert outcome.fate is Fate.SENDER_REFUSED
        assert server.messages == []


def test_a_server_without_encryption_gets_nothing_when_it_was_asked_for(
    server: SmtpServer,
) -> None:
    outcome = hand_over(server, transport=replace(plain(server), use_tls=True))

    assert outcome.fate is Fate.SENDER_REFUSED
    assert server.messages == []


def test_the_words_of_a_server_are_fit_to_be_stored(server: SmtpServer) -> None:
    server.fail("RCPT", "550-5.1.1 no\x00such\r\n550 5.1.1 user " + "x" * 1000)

    outcome = hand_over(server)

    assert outcome.text.startswith("5.1.1 no such 5.1.1 user x")
    assert len(outcome.text) == 500


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("smtp://127.0.0.1:2525", Transport("127.0.0.1", 2525)),
        ("smtp://mail.example", Transport("mail.example", 25)),
        ("smtp://[::1]:2525/", Transport("::1", 2525)),
        ("smtp://u%40x:p%2Fw@mail.example:587",
         Transport("mail.example", 587, "u@x", "p/w", use_tls=True)),
        ("smtp://mail.example:587?starttls=no", Transport("mail.example", 587)),
        ("smtp://mail.example?starttls=yes&timeout=5",
         Transport("mail.example", 25, use_tls=True, timeout=5)),
        ("smtps://u:p@mail.example", Transport("mail.example", 465, "u", "p", use_ssl=True)),
        ("smtps://mail.example:587", Transport("mail.example", 587, use_ssl=True)),
    ],
)  # fmt: skip
def test_a_transport_is_read_from_its_url(url: str, transport: Transport) -> None:
    assert transport_from_url(url) == transport


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://user:secret@mail.example",
        "smtp://",
        "smtp://user:secret@",
        "smtp://user:secret@mail.example/path",
        "smtp://user:secret@mail.example:port",
        "smtp://user:secret@mail.example?tls=yes",
        "smtp://user:secret@mail.example?starttls=maybe",
        "smtps://user:secret@mail.example?starttls=yes",
        "smtp://user:secret@mail.example?timeout=600",
        "smtp://user:secret@mail.example?timeout=soon",
        "smtp://user:secret-%E7%A7%98@mail.example",
    ],
)
def test_a_url_that_is_not_understood_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refusal:
        transport_from_url(url)

    assert "secret" not in str(refusal.value)
