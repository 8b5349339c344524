"""What this room holds about people (crm/customers/registry.py)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.addresses import stop_hmacs
from crm.customers.models import (
    Consent,
    Customer,
    CustomerIdentity,
    ErasedKey,
    Note,
    Purchase,
    PurchaseLine,
    Suppression,
)
from crm.customers.money import as_amount
from crm.customers.registry import Fate, Person, before_forgetting, hold
from crm.shops.machines.once import forget_replies


def _suppressions_of(person: Person) -> QuerySet[Suppression]:
    hmacs = {
        each for address in person.addresses for each in stop_hmacs(address, shop_id=person.shop_id)
    }
    return Suppression.objects.filter(shop_id=person.shop_id, address_hmac__in=hmacs)


hold(
    Customer,
    "pk",
    title=_("Who you are to us"),
    shows={
        "name": _("name"),
        "kana": _("reading of the name"),
        "email": _("e-mail address"),
        "locale": _("language"),
        "quiet_until": _("left quiet until"),
        "created_at": _("known since"),
    },
)
hold(
    CustomerIdentity,
    "customer",
    title=_("Your customer numbers"),
    shows={"source": _("given by"), "external_id": _("number")},
    fate=Fate.DELETED,
)
hold(
    Consent,
    "customer",
    title=_("What you allowed and refused"),
    shows={
        "at": _("when"),
        "purpose": _("what for"),
        "state": _("what you said"),
        "evidence": _("how we know"),
    },
    # The law wants it kept for years. It names a page or a file and its row, and nobody.
    fate=Fate.KEPT,
)
hold(
    Suppression,
    find=_suppressions_of,
    title=_("Mails that no longer go to your address"),
    shows={"at": _("when"), "scope": _("which mails"), "reason": _("why")},
    fate=Fate.KEPT,
)
hold(
    ErasedKey,
    "customer",
    title=_("Marks that keep erased data from coming back"),
    shows={"erased_at": _("when")},
    fate=Fate.KEPT,
)
hold(
    Note,
    "customer",
    title=_("What we noted down"),
    shows={"at": _("when"), "text": _("note of the shop")},
    fate=Fate.DELETED,
)
hold(
    Purchase,
    "customer",
    title=_("Your orders"),
    shows={
        "ordered_at": _("when"),
        "source": _("where"),
        "external_id": _("order number"),
        "total": _("total"),
        "refunded": _("paid back"),
        "currency": _("currency"),
        "status": _("state"),
        "delivered_at": _("delivered"),
        "channel": _("way of ordering"),
        "subscription_id": _("subscription"),
    },
    reads={"total": as_amount, "refunded": as_amount},
    # By its number an order is known again when a file tells of it once more.
    keeps=("source", "external_id", "currency", "channel", "subscription_id"),
)
hold(
    PurchaseLine,
    "purchase__customer",
    title=_("What you ordered"),
    shows={
        "purchase__external_id": _("order number"),
        "product": _("product"),
        "code": _("item code"),
        "quantity": _("quantity"),
    },
    keeps=("product", "code"),
)


@before_forgetting
def forget_what_machines_were_answered(person: Person, at: datetime) -> None:
    """All of it: an answer does not say of whom it tells, and is kept for a day only."""
    forget_replies(shop_id=person.shop_id)
