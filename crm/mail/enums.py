"""The words of the mail room, safe to import from anywhere."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(StrEnum):
    """How far the talk with a mail server had come."""

    GREETING = "greeting"
    HELLO = "hello"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"
    VERDICT = "verdict"  # the final dot has left: from here on a break tells us nothing


class Fate(StrEnum):
    """What became of a mail that was offered to a server."""

    ACCEPTED = "accepted"  # the server has taken it over
    RETRY = "retry"  # not taken, may work later
    RECIPIENT_REFUSED = "recipient_refused"  # this address will not work: suppress it
    MESSAGE_REFUSED = "message_refused"  # this mail will not work, the address may
    SENDER_REFUSED = "sender_refused"  # we are the problem: pause sending, blame no recipient
    UNKNOWN = "unknown"  # taken or not, nobody can tell: never resent by itself


class Purpose(models.TextChoices):
    """Why a mail goes out; the guard asks by it (crm/guard/rules.py)."""

    EXPECTATION = "expectation", _("Asked what was expected")
    EVALUATION = "evaluation", _("Asked how it was")
    NPS = "nps", _("Asked about introducing us")
    REMINDER = "reminder", _("Asked once more, for the last time")
    NEW_LINK = "new_link", _("A new link, at the customer's own request")
    REPLY = "reply", _("An answer to what the customer said or did")
    RECOVERY = "recovery", _("An answer to a complaint")
    FOLLOW_UP = "follow_up", _("Follow-up letter")


#: Written by a person to one person; the others are questions, or asked for.
LETTERS = frozenset({Purpose.REPLY, Purpose.RECOVERY, Purpose.FOLLOW_UP})


class MailState(models.TextChoices):
    """The life of a mail. Held is `due` with a later moment and a reason."""

    DUE = "due", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    ACCEPTED = "accepted", _("Has been sent")
    DELIVERED = "delivered", _("Arrived")
    BOUNCED = "bounced", _("Came back")
    COMPLAINED = "complained", _("Reported as unwanted")
    BLOCKED = "blocked", _("Refrained from")
    CANCELLED = "cancelled", _("Called off")
    UNKNOWN = "unknown", _("Unclear whether it arrived")


class MailReason(models.TextChoices):
    """Why a mail waits, was refrained from, called off, came back or is unclear.

    The guard's own reasons (crm/guard/enums.py) stand in the same column.
    """

    SERVER_AWAY = "server_away", _("The mail server could not take it; we try again.")
    SENDER_REFUSED = "sender_refused", _("The mail server refuses us as the sender; we wait.")
    PARCEL_CAME = "parcel_came", _("The parcel came before we could ask what was expected.")
    ANSWERED = "answered", _("The person has answered meanwhile.")
    SURVEY_OFF = "survey_off", _("The survey was switched off.")
    TOO_LATE = "too_late", _("It would have come too late to be of use.")
    TAKEN_BACK = "taken_back", _("It was taken back before it was sent.")
    OVERTAKEN = "overtaken", _("Something else came first.")
    UNSUBSCRIBED = "unsubscribed", _("The person asked us to stop.")
    ERASED = "erased", _("The person's data were erased.")
    NO_SUCH_ADDRESS = "no_such_address", _("The address does not exist.")
    UNMAILABLE = "unmailable", _("No mail server would accept the address as it is written.")
    MESSAGE_REFUSED = "message_refused", _("The mail server refused this mail.")
    NO_ANSWER = "no_answer", _("The line broke before the mail server confirmed it.")
    INTERRUPTED = "interrupted", _("Sending was interrupted on our side.")


#: Nothing more happens to it by itself.
ENDED = frozenset(MailState) - {MailState.DUE, MailState.SENDING}

#: A contact was, or may have been, made.
SENT = frozenset(
    {
        MailState.SENDING,
        MailState.ACCEPTED,
        MailState.DELIVERED,
        MailState.COMPLAINED,
        MailState.UNKNOWN,
    }
)
