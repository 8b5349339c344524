"""Speak SMTP: one mail, one conversation, and an honest word about what became of it."""

import contextlib
import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.mail.utils import DNS_NAME

from crm.mail.enums import Fate, Step
from crm.mail.replies import fate_of_refusal

_PORTS: Final = {"smtp": 25, "smtps": 465}
_SUBMISSION: Final = 587  # RFC 6409; nobody should log in there without encryption
_OPTIONS: Final = {"starttls", "timeout"}
_GOODBYE: Final = 1.0  # seconds for QUIT, when the mail's fate is known already
_ANY_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True)
class Transport:
    """The mail server to hand mails to, and how to be let in."""

    host: str
    port: int = 25
    username: str = ""
    password: str = ""
    use_tls: bool = False  # STARTTLS after a plain greeting
    use_ssl: bool = False  # encrypted from the first byte
    timeout: float = 20.0  # seconds until the final dot, and again for the verdict


@dataclass(frozen=True)
class Outcome:
    """What became of a mail, with the server's own words where it said any."""

    fate: Fate
    code: int | None
    text: str


def transport_from_url(url: str) -> Transport:
    """Read `smtp://user:password@host:587?starttls=yes&timeout=20` or `smtps://…`.

    User and password are percent-encoded. STARTTLS is on at port 587 and off elsewhere,
    unless the option says otherwise. Raises ValueError with the reason, never with the
    password.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in _PORTS:
        raise ValueError("A mail server's address begins with smtp:// or smtps://.")
    if not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
        raise ValueError("A mail server's address looks like smtp://user:password@host:port.")
    if unknown := sorted(options.keys() - _OPTIONS):
        raise ValueError(f"A mail server's address has no option {', '.join(unknown)}.")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (username + password).isascii():
        raise ValueError("A mail server's user and password must be ASCII.")
    port = parts.port or _PORTS[parts.scheme]
    is_ssl = parts.scheme == "smtps"
    starttls = options.get("starttls", "yes" if port == _SUBMISSION and not is_ssl else "no")
    if starttls not in {"yes", "no"} or (is_ssl and starttls == "yes"):
        raise ValueError("The option starttls is yes or no, and no with smtps://.")
    timeout = float(options.get("timeout", Transport.timeout))
    if not 0 < timeout <= Transport.timeout:
        # A worker's task is stopped after 45 s, and a talk may last twice the timeout.
        raise ValueError(f"The option timeout is at most {Transport.timeout:g} seconds.")
    return Transport(
        host=parts.hostname,
        port=port,
        username=username,
        password=password,
        use_tls=starttls == "yes",
        use_ssl=is_ssl,
        timeout=timeout,
    )


def deliver(content: bytes, *, sender: str, recipient: str, transport: Transport) -> Outcome:
    """Offer one mail to the server and say what became of it.

    Whatever server and network do comes back as an Outcome. Addresses are as
    `crm.mail.addresses.wire_address` gives them. Call it outside any transaction:
    it lasts up to twice `transport.timeout`.
    """
    client: _Talk | None = None
    try:
        client = _talk_with(transport)
        code, reply = client.hand_over(content, sender, recipient, transport)
        return Outcome(Fate.ACCEPTED, code, _words(reply))
    except OSError as error:  # also every error of smtplib and of TLS
        return _outcome_of(error, client.step if client else Step.GREETING)
    finally:
        if client:
            client.part()


class _Talk(smtplib.SMTP):
    """smtplib's SMTP that knows how far the talk has come and lets none last for ever.

    Without the step a break before the final dot, when sending again is right, looks
    the same as one after it, when sending again may deliver the mail twice.
    """

    step = Step.GREETING

    def __init__(self, transport: Transport, **kwargs: Any) -> None:
        self.patience = transport.timeout
        self.deadline = time.monotonic() + transport.timeout
        super().__init__(
            transport.host,
            transport.port,
            local_hostname=DNS_NAME.get_fqdn(),
            timeout=transport.timeout,
            **kwargs,
        )

    def hand_over(
        self, content: bytes, sender: str, recipient: str, transport: Transport
    ) -> tuple[int, bytes]:
        """Take the mail through all steps; the last reply, or the exception that ended it."""
        self.step = Step.HELLO
        self.ehlo_or_helo_if_needed()
        if transport.use_tls:
            self.step = Step.TLS
            self.starttls(context=ssl.create_default_context())
            self.ehlo_or_helo_if_needed()
        if transport.username:
            self.step = Step.LOGIN
            self.login(transport.username, transport.password)
        # Lines end in CRLF and nothing else: servers that disagree on a lone LF can be
        # made to see a second mail inside the first.
        content = _ANY_LINE_END.sub(b"\r\n", content)
        self.step = Step.SENDER
        size = [f"size={len(content)}"] if self.has_extn("size") else []
        _expect_success(self.mail(sender, size))
        self.step = Step.RECIPIENT
        _expect_success(self.rcpt(recipient))
        self.step = Step.CONTENT
        return _expect_success(self.data(content))

    def send(self, s: Any) -> None:
        super().send(s)
        # The dot is the last that is written. When writing broke it has not left, and a
        # server that has not seen it must not take the mail (RFC 5321, 4.1.1.4).
        if self.step is Step.CONTENT and len(s) >= 3 and s[-3:] == b".\r\n":
            self.step = Step.VERDICT
            self.deadline = time.monotonic() + self.patience

    def getreply(self) -> tuple[int, bytes]:
        if self.sock:
            self.sock.settimeout(max(0.01, self.deadline - time.monotonic()))
        try:
            return super().getreply()
        except smtplib.SMTPResponseException as garbled:
            # smtplib makes a "500" of a line that is too long, but no server said that.
            raise smtplib.SMTPServerDisconnected("The reply was too long.") from garbled

    def part(self) -> None:
        """Say goodbye, if anybody still listens."""
        self.deadline = time.monotonic() + _GOODBYE
        with contextlib.suppress(OSError):  # the mail's fate does not depend on it
            self.quit()
        self.close()


class _EncryptedTalk(_Talk, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


def _talk_with(transport: Transport) -> _Talk:
    if transport.use_ssl:
        return _EncryptedTalk(transport, context=ssl.create_default_context())
    return _Talk(transport)


def _expect_success(reply: tuple[int, bytes]) -> tuple[int, bytes]:
    code, text = reply
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, text)
    return reply


def _outcome_of(error: OSError, step: Step) -> Outcome:
    if isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 600:
        text = _words(error.smtp_error)
        return Outcome(fate_of_refusal(step, error.smtp_code, text), error.smtp_code, text)
    return Outcome(_fate_of_break(error, step), None, _words(str(error)))


def _fate_of_break(error: OSError, step: Step) -> Fate:
    if step is Step.VERDICT:
        return Fate.UNKNOWN
    if isinstance(error, ssl.SSLCertVerificationError):
        return Fate.SENDER_REFUSED  # it will not get better by itself
    is_cut = isinstance(error, smtplib.SMTPServerDisconnected)
    if step in {Step.TLS, Step.LOGIN} and isinstance(error, smtplib.SMTPException) and not is_cut:
        return Fate.SENDER_REFUSED  # the server offers no encryption, or no login we know
    return Fate.RETRY


def _words(reply: str | bytes) -> str:
    """A server's words, fit to be stored and shown."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return _UNPRINTABLE.sub(" ", text).strip()[:500]
