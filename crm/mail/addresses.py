"""Addresses as they are written in SMTP and in headers."""

import re
from typing import Final

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_LOCAL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_QUOTED_LOCAL: Final = re.compile(r'"([ !#-\[\]-~]|\\[ -~])*"')
_PRINTABLE: Final = re.compile(r"[ -~]+")
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class UnmailableAddress(ValueError):
    """No mail server would take this address, whatever is tried."""


def wire_address(address: str) -> str:
    """The address as a mail server reads it; UnmailableAddress when there is no such writing.

    Japanese carriers once gave out `a..b@docomo.ne.jp` and `a.@ezweb.ne.jp`. They exist,
    people use them, and the standard wants them as `"a..b"@docomo.ne.jp`. Addresses
    beyond ASCII need SMTPUTF8 along the whole way, which nobody can promise.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise UnmailableAddress("There is no domain that takes mail in this address.")
    if len(local) > 64:
        raise UnmailableAddress("The part before the @ is too long.")
    if not _PLAIN_LOCAL.fullmatch(local) and not _QUOTED_LOCAL.fullmatch(local):
        if not _PRINTABLE.fullmatch(local):
            raise UnmailableAddress("The part before the @ holds letters mail cannot carry.")
        local = '"' + re.sub(r'([\\"])', r"\\\1", local) + '"'
    return f"{local}@{domain}"


def is_mailable(address: str) -> bool:
    """Whether there is a writing of this address that mail servers read."""
    try:
        wire_address(address)
    except UnmailableAddress:
        return False
    return True
