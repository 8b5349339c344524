"""Words and figures of a relationship, as templates need them."""

from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.customers.enums import VOID
from crm.customers.models import Purchase
from crm.customers.money import in_words
from crm.customers.tenure import rhythm_in_words, tenure_in_words
from crm.guard.enums import Reason, Verdict
from crm.mail.enums import MailReason, MailState
from crm.mail.models import Mail
from crm.stages.enums import Balance, Direction, Mark, Stage
from crm.stages.labels import BALANCES, DIRECTIONS, MARKS, STAGE_GLOSSES, STAGE_NAMES

register = template.Library()

_REASONS = dict(Reason.choices) | dict(MailReason.choices)


@register.filter
def money(hundredths: int, currency: str) -> str:
    return in_words(hundredths, currency)


@register.filter
def void_words(purchase: Purchase) -> str | Promise:
    """Why an order that does not count does not."""
    return purchase.get_status_display() if purchase.status in VOID else _("Refunded")


@register.filter
def tenure_until(first_on: date, last_on: date) -> str:
    return tenure_in_words(first_on, last_on)


@register.filter
def rhythm_words(days: float) -> str:
    return rhythm_in_words(days)


@register.filter
def stage_name(stage: int) -> Promise:
    return STAGE_NAMES[Stage(stage)]


@register.filter
def stage_gloss(stage: int) -> Promise:
    return STAGE_GLOSSES[Stage(stage)]


@register.filter
def balance_words(balance: str) -> Promise:
    return BALANCES[Balance(balance)]


@register.filter
def direction_words(direction: str) -> Promise:
    return DIRECTIONS[Direction(direction)]


@register.filter
def mark_words(mark: str) -> Promise:
    return MARKS[Mark(mark)]


@register.filter
def mail_state_words(mail: Mail) -> str | Promise:
    """The state of a mail; one that is held because of the guard waits for a better moment."""
    is_held = mail.state == MailState.DUE and bool(mail.reason)
    return Verdict.HOLD.label if is_held else mail.get_state_display()


@register.filter
def reason_words(reason: str) -> str | Promise:
    """Why a mail waits or was not sent: the guard's reason or the mail room's; else the code."""
    return _REASONS.get(reason, reason)
