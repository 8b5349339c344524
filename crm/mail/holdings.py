"""What this room holds about people (crm/customers/registry.py)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.customers.addresses import normalise
from crm.customers.enums import SuppressionReason
from crm.customers.models import Customer
from crm.customers.registry import Fate, Person, before_forgetting, hold
from crm.customers.services import suppress
from crm.mail.enums import MailReason
from crm.mail.models import Mail, MailContent, MailEvent
from crm.mail.services import cancel_mails_to

hold(
    Mail,
    "customer",
    title=_("Mails we wrote or meant to write"),
    shows={
        "due_at": _("meant for"),
        "purpose": _("what for"),
        "to_address": _("to"),
        "state": _("what became of it"),
        "reason": _("why"),
        "accepted_at": _("sent"),
        "content__subject": _("subject"),
        "content__text": _("text"),
    },
    keeps=("reason", "dedup_key"),
)
hold(
    MailContent,
    "mail__customer",
    title=_("What our mails said"),
    shows={"mail__due_at": _("meant for"), "subject": _("subject"), "text": _("text")},
    fate=Fate.DELETED,
)
hold(
    MailEvent,
    "mail__customer",
    title=_("What mail servers told us"),
    shows={"at": _("when"), "kind": _("what"), "text": _("in their words")},
    keeps=("provider", "event_id", "kind"),
)


@before_forgetting
def call_off(person: Person, at: datetime) -> None:
    """Send nothing that still waits, and nothing ever to an address we once wrote to."""
    mails = Mail.objects.filter(shop_id=person.shop_id, customer__in=person.ids)
    for address in mails.values_list("to_address", flat=True).distinct():
        if normalise(address):
            suppress(
                shop_id=person.shop_id, address=address, reason=SuppressionReason.ERASED, at=at
            )
    for customer in Customer.objects.filter(shop_id=person.shop_id, pk__in=person.ids):
        cancel_mails_to(customer, reason=MailReason.ERASED)
