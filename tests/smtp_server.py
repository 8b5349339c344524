"""A mail server on loopback that fails on demand, at any step of the talk.

    with SmtpServer() as server:
        server.fail("RCPT", "550 5.1.1 No such user")
        ...
        assert server.messages == []

It keeps every message whose final dot it saw and did not refuse, also when it then
drops the line or falls silent: that is the message a careless client sends twice.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final, Literal, Self

#: The moments at which a server can fail. DATA is the answer to the command, BODY comes
#: when the content begins to arrive, DOT when all of it has, QUIT after the 250.
Moment = Literal["GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT",
                 "QUIT"]  # fmt: skip

#: Instead of an answer: close the line, or keep it open and say nothing.
DROP: Final = "drop"
SILENCE: Final = "silence"

_ANSWERS: Final = {
    "GREETING": "220 loopback ESMTP",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 end with a dot",
    "DOT": "250 2.0.0 taken",
    "QUIT": "221 2.0.0 bye",
}


@dataclass(frozen=True)
class Message:
    """A message the server has taken over."""

    sender: str
    recipient: str
    content: bytes

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class SmtpServer:
    """Listens on a free port of 127.0.0.1 for the time of the `with` block."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, tls_from_start: bool = False) -> None:
        self.messages: list[Message] = []
        self.commands: list[str] = []
        self._failures: dict[str, str] = {}
        self._delays: dict[str, float] = {}
        self.tls = tls
        self._is_tls_from_start = tls_from_start
        self._is_over = threading.Event()
        self._listener: socket.socket | None = None
        self.port = 0

    def fail(self, moment: Moment, how: str) -> None:
        """Answer `how` at this moment, such as "550 no", DROP or SILENCE, until `heal`."""
        self._failures[moment] = how

    def delay(self, seconds: float, *moments: Moment) -> None:
        """Wait so long before the answer at these moments, until `heal`."""
        self._delays.update(dict.fromkeys(moments, seconds))

    def heal(self) -> None:
        """Behave well again, and listen again after `refuse_connections`."""
        self._failures.clear()
        self._delays.clear()
        if self._listener is None:
            self._listen()

    def refuse_connections(self) -> None:
        """Be away: the port answers nobody."""
        if self._listener is not None:
            # Closing alone would leave the thread in accept(), and the port open.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._is_over.set()
        self.refuse_connections()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:  # closed by refuse_connections
                return
            threading.Thread(target=self._serve, args=[line], daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with closing(_Talk(self, line)) as talk, suppress(_Over, OSError):
            # OSError: the client went away, which is its right.
            if self.tls and self._is_tls_from_start:
                talk.encrypt(self.tls)
            talk.run()

    def answer(self, talk: "_Talk", moment: Moment, usual: str = "") -> bool:
        """Say what is due at this moment; whether the client was told yes."""
        self._is_over.wait(self._delays.get(moment, 0))
        how = self._failures.get(moment, usual or _ANSWERS.get(moment, ""))
        if how == SILENCE:
            self._is_over.wait()
        if how in {DROP, SILENCE}:
            raise _Over
        if how:
            talk.say(how)
        return how[:1] in {"2", "3"}

    def offers(self) -> list[str]:
        offers = ["loopback", "8BITMIME", "SIZE 10000000", "AUTH PLAIN LOGIN"]
        return [*offers, "STARTTLS"] if self.tls and not self._is_tls_from_start else offers

    def takes(self, message: Message) -> None:
        refusal = self._failures.get("DOT", "250")
        if refusal in {DROP, SILENCE} or refusal.startswith("2"):
            self.messages.append(message)


class _Over(Exception):
    """The line is to be closed without a word."""


class _Talk:
    """One connection, from greeting to goodbye."""

    def __init__(self, server: SmtpServer, line: socket.socket) -> None:
        self.server = server
        self.line = line
        self.reader = line.makefile("rb")
        self.sender = ""
        self.recipient = ""

    def encrypt(self, tls: ssl.SSLContext) -> None:
        self.reader.close()
        self.line = tls.wrap_socket(self.line, server_side=True)
        self.reader = self.line.makefile("rb")

    def close(self) -> None:
        self.reader.close()
        self.line.close()

    def run(self) -> None:
        if not self.server.answer(self, "GREETING"):
            return
        for command in self._commands():
            self.server.commands.append(command)
            match command[:4].upper():
                case "EHLO" | "HELO":
                    *offers, last = self.server.offers()
                    hello = "".join(f"250-{offer}\r\n" for offer in offers) + f"250 {last}"
                    self.server.answer(self, "EHLO", hello)
                case "STAR":
                    if self.server.answer(self, "STARTTLS") and self.server.tls:
                        self.encrypt(self.server.tls)
                case "AUTH":
                    self.server.answer(self, "AUTH")
                case "MAIL":
                    self.sender = _address_in(command)
                    self.server.answer(self, "MAIL")
                case "RCPT":
                    self.recipient = _address_in(command)
                    self.server.answer(self, "RCPT")
                case "DATA":
                    if self.server.answer(self, "DATA"):
                        self._take_content()
                case "QUIT":
                    self.server.answer(self, "QUIT")
                    return
                case _:
                    self.say("502 5.5.2 unknown command")

    def say(self, answer: str) -> None:
        self.line.sendall(f"{answer}\r\n".encode())

    def _commands(self) -> Iterator[str]:
        while raw := self.reader.readline():
            yield raw.decode().rstrip("\r\n")

    def _take_content(self) -> None:
        self.server.answer(self, "BODY")
        lines = []
        while (line := self.reader.readline()) != b".\r\n":
            if not line:
                raise _Over
            lines.append(line.removeprefix(b"."))
        self.server.takes(Message(self.sender, self.recipient, b"".join(lines)))
        self.server.answer(self, "DOT")


def _address_in(command: str) -> str:
    return command[command.index("<") + 1 : command.rindex(">")]


@contextmanager
def port_that_refuses() -> Iterator[int]:
    """A port of 127.0.0.1 at which nobody listens and nobody else can begin to."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
