import mailbox
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from horetsu_site import programs
from horetsu_site.embedded import procs
from horetsu_site.embedded.home import Home

MAIL = "From: shop@otonari.example\r\nSubject: ご注文\r\n\r\n.一行目\r\n.\r\n".encode()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a mailbox and the folder it fills."""
    home = Home(tmp_path)
    home.make()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        program = programs.mailbox(listener.fileno(), home.mailbox)
        process = procs.spawn(program.argv, pass_fds=program.inherits)
        yield listener.getsockname()[1], home.mailbox
        procs.end(process)


def test_a_mail_lies_in_the_maildir_byte_for_byte(running: tuple[int, Path]) -> None:
    port, folder = running

    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail(
            "shop@otonari.example", ["客@例え.example"], MAIL, ["SMTPUTF8", "BODY=8BITMIME"]
        )

    (name,) = mailbox.Maildir(folder).keys()
    assert mailbox.Maildir(folder).get_bytes(name) == MAIL
