"""What a mail server's refusal means for the mail, the recipient and the sender."""

import re
from typing import Final

from crm.mail.enums import Fate, Step

# RFC 3463: class, subject and detail, at the beginning of the reply's text.
_STATUS: Final = re.compile(r"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")

# RFC 4954 and 3207: log in first, mechanism too weak, wrong password, encryption needed.
_LOGIN_CODES: Final = {530, 534, 535, 538}
_POLICY_SUBJECT: Final = 7  # authentication, reputation, content policy: said of us
_BAD_SENDER: Final = {(1, 7), (1, 8)}
# A server that does not know us refuses to relay, and many say so without a status.
# Taken for an unknown recipient, one wrong setting would suppress every customer.
_NO_RELAY: Final = re.compile(
    r"relay\w*\b.*\b(denied|prohibited|not (permitted|allowed))"
    r"|not (permitted|allowed) to relay"
    r"|authentication (is )?required",
    re.IGNORECASE,
)
_GREYLISTED: Final = re.compile(r"gr[ea]y-?\s?list", re.IGNORECASE)

_MAILBOX_FULL: Final = (2, 2)
_TOO_LARGE: Final = {(2, 3), (3, 4)}
# Unknown, moved, malformed or closed; 1.10 is a domain that declares it takes no mail.
_BAD_RECIPIENT: Final = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
_PROTOCOL_CODES: Final = {500, 502, 503, 504, 555}
_PROTOCOL_SUBJECTS: Final = {3, 5}  # the mail system, the protocol: not the mailbox
_BEFORE_ANY_MAIL: Final = {Step.GREETING, Step.HELLO, Step.TLS, Step.LOGIN}


def fate_of_refusal(step: Step, code: int, text: str) -> Fate:
    """Read a 4xx or 5xx reply, given at ``step``.

    Doubt is resolved in favour of the recipient: an address is only called refused
    when the reply speaks of the address, and never when it may speak of us.
    """
    status = _status_in(text)
    if code < 500 and _GREYLISTED.search(text):
        return Fate.RETRY  # often sent as 4.7.1, but it asks for patience, not for repair
    if _blames_us(code, status, text):
        return Fate.SENDER_REFUSED
    if code < 500:
        return Fate.RETRY
    if status not in _TOO_LARGE and (code == 552 or status == _MAILBOX_FULL):
        return Fate.RETRY  # a full mailbox is emptied one day (RFC 5321, 4.5.3.1.10)
    if step in _BEFORE_ANY_MAIL:
        return Fate.SENDER_REFUSED  # nobody was named yet
    if _blames_recipient(step, code, status):
        return Fate.RECIPIENT_REFUSED
    return Fate.MESSAGE_REFUSED


def _status_in(text: str) -> tuple[int, int] | None:
    """Give the subject and detail of the enhanced status, where the reply carries one."""
    found = _STATUS.match(text)
    return (int(found[1]), int(found[2])) if found else None


def _blames_us(code: int, status: tuple[int, int] | None, text: str) -> bool:
    if status is not None and (status[0] == _POLICY_SUBJECT or status in _BAD_SENDER):
        return True
    return code in _LOGIN_CODES or (code >= 500 and _NO_RELAY.search(text) is not None)


def _blames_recipient(step: Step, code: int, status: tuple[int, int] | None) -> bool:
    if step not in {Step.RECIPIENT, Step.CONTENT, Step.VERDICT}:
        return False
    if status in _BAD_RECIPIENT:
        return True
    is_protocol = code in _PROTOCOL_CODES or (
        status is not None and status[0] in _PROTOCOL_SUBJECTS
    )
    return step is Step.RECIPIENT and not is_protocol
