"""The local mailbox: takes every mail by SMTP and delivers none.

Each mail lies unchanged in a Maildir, where the mailbox page reads it. Run as
`python -m horetsu_site.embedded.mailbox LISTENER FOLDER`, with the number of a
listening socket inherited from the supervisor.
"""

import asyncio
import mailbox
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_LARGEST_MAIL = 25 * 1024**2


class Deliveries:
    """Puts what arrives into the Maildir, byte for byte."""

    def __init__(self, folder: Path) -> None:
        self.maildir = mailbox.Maildir(folder)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.maildir.add(envelope.original_content or b"")
        return "250 OK"


async def serve(listener: socket.socket, folder: Path) -> None:
    """Take mails until SIGTERM."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    deliveries = Deliveries(folder)
    server = await loop.create_server(
        lambda: SMTP(deliveries, data_size_limit=_LARGEST_MAIL, enable_SMTPUTF8=True),
        sock=listener,
    )
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
