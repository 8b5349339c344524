"""Turn words into a mail: headers that cannot be broken into, bodies every relay can carry."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any, Final
from uuid import UUID

from crm.mail.addresses import wire_address

_LONGEST_NAME: Final = 64
_LONGEST_WORD: Final = 75  # an encoded word (RFC 2047, 2); Python's own default is one too many
# Control characters end a header or hide in it, as do Unicode's own line ends. The
# direction marks let a name read backwards.
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTIONS: Final = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A second address in a name, or the name of somebody else's brackets, is how forgers write.
_FORGERS: Final = re.compile(r'[<>"@\\]+')


@dataclass(frozen=True)
class Letter:
    """The words of a mail and who they are from and for."""

    message_id: UUID
    from_name: str
    from_address: str
    to_address: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    unsubscribe_url: str = ""  # https; empty for account mail only


def compose(letter: Letter, *, at: datetime) -> EmailMessage:
    """The mail to hand over as `bytes(compose(…))`: pure ASCII with CRLF lines.

    Composing the same letter again gives the same Message-ID, by which a server can
    know a mail it already has. Raises UnmailableAddress.
    """
    from_address = wire_address(letter.from_address)
    mail = EmailMessage(policy=_WIRE)
    mail["From"] = Address(one_name(letter.from_name), addr_spec=from_address)
    mail["To"] = Address(addr_spec=wire_address(letter.to_address))
    if letter.reply_to:
        mail["Reply-To"] = Address(addr_spec=wire_address(letter.reply_to))
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = at
    mail["Message-ID"] = f"<{letter.message_id}@{from_address.rpartition('@')[2]}>"
    if letter.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{one_line(letter.unsubscribe_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence notes shall not answer
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    return mail


def one_line(text: str) -> str:
    """The text without line ends, control characters and direction marks."""
    return _BREAKS.sub(" ", _DIRECTIONS.sub("", text)).strip()


def one_name(text: str) -> str:
    """A name fit to stand before an address: one line, no address in it, not too long."""
    return _FORGERS.sub(" ", one_line(text)).strip()[:_LONGEST_NAME].strip()


class _WirePolicy(EmailPolicy):
    """The standard policy, but for headers it is known to spoil when it folds them.

    It writes a URL longer than a line as encoded words, which no mail program takes
    for a link, and leaves a comma bare between the encoded words of a name, which
    makes two addresses of one.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        match name.lower():
            case "list-unsubscribe" | "list-unsubscribe-post" | "message-id":
                line = str(value)
            case "from" | "to" | "reply-to":
                line = ", ".join(_mailbox(address, name) for address in value.addresses)
            case "subject":
                line = _encoded(str(value), name)
            case _:
                return super().fold_binary(name, value)
        return f"{name}: {line}\r\n".encode("ascii")


_WIRE: Final = _WirePolicy(linesep="\r\n", cte_type="7bit")


def _mailbox(address: Address, header: str) -> str:
    wire = wire_address(address.addr_spec)  # which has lost its quotes
    if not address.display_name:
        return wire
    if address.display_name.isascii():
        return f'"{address.display_name}" <{wire}>'  # one_name leaves nothing to escape
    return f"{_encoded(address.display_name, header)} <{wire}>"


def _encoded(text: str, header: str) -> str:
    charset = None if text.isascii() else "utf-8"
    line = Header(text, charset, header_name=header, maxlinelen=_LONGEST_WORD)
    return line.encode(linesep="\r\n")
