"""Which facts the shop answered: every word, act and pass shows whether, when and by whom."""

from datetime import datetime

from django.db import transaction

from crm.customers.models import Customer
from crm.followups.models import Acknowledgement, Suggestion
from crm.followups.selectors import said_by, told_by
from crm.followups.situation import WAITS_FOR
from crm.guard.enums import Channel
from crm.ledger.enums import Kind, Standing
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint, set_standing
from crm.shops.models import User
from crm.work import services as work

_BY_HAND = {
    Channel.MAIL: Kind.OUR_LETTER,  # from somebody's own mail program
    Channel.LETTER: Kind.OUR_LETTER,
    Channel.PHONE: Kind.OUR_CALL,
    Channel.INSERT: Kind.OUR_INSERT,
}


@transaction.atomic
def acknowledge(
    *, touchpoint: Touchpoint, by: User, channel: Channel | None, now: datetime
) -> Acknowledgement:
    """Somebody answered this fact, or thanked for it; None: in another way. The first counts.

    By which way they did is a contact like any other, and becomes a fact of the ledger.
    """
    customer = _hold(touchpoint)
    row, is_new = Acknowledgement.objects.get_or_create(
        shop_id=touchpoint.shop_id,
        touchpoint=touchpoint,
        defaults={"at": now, "by": by, "channel": channel or ""},
    )
    if is_new and channel:
        source = f"{_source_of(touchpoint)}{now.isoformat()}"
        record_touchpoint(customer=customer, kind=_BY_HAND[channel], at=now, source=source)
    if is_new:
        work.mark(f"review:{touchpoint.customer_id}", shop_id=touchpoint.shop_id)
    return row


@transaction.atomic
def take_back(*, touchpoint: Touchpoint) -> None:
    """Nobody answered this fact after all; what a suggestion answered is undone with that."""
    _hold(touchpoint)
    answers = Acknowledgement.objects.filter(
        shop_id=touchpoint.shop_id, touchpoint=touchpoint, suggestion=None
    )
    if answers.delete()[0]:
        _withdraw_said_about(touchpoint)
        work.mark(f"review:{touchpoint.customer_id}", shop_id=touchpoint.shop_id)


@transaction.atomic
def answer_all(
    suggestion: Suggestion, *, until: datetime, at: datetime, channel: Channel | None
) -> None:
    """One word answers all that waited for one: everything that was there `until` then.

    It was said `at` then, by whoever settled the suggestion.
    """
    customer = suggestion.customer
    since = until - WAITS_FOR
    waiting = {told.id for told in told_by(customer, since=since) if told.asks_for}
    if suggestion.about_id:
        waiting.add(suggestion.about_id)
    facts = said_by(customer).filter(pk__in=waiting, recorded_at__lte=until, acknowledgement=None)
    Acknowledgement.objects.bulk_create(
        [
            Acknowledgement(
                shop_id=customer.shop_id,
                touchpoint=fact,
                at=at,
                channel=channel or "",
                by=suggestion.settled_by,
                suggestion=suggestion,
            )
            for fact in facts
        ],
        ignore_conflicts=True,
    )


def say_by_hand(suggestion: Suggestion, *, channel: Channel, text: str, at: datetime) -> None:
    """What somebody wrote or said themselves becomes a fact of the ledger."""
    record_touchpoint(
        customer=suggestion.customer,
        kind=_BY_HAND[channel],
        at=at,
        source=f"{_source_of(suggestion)}{at.isoformat()}",
        text=text,
    )


def unsay(suggestion: Suggestion) -> None:
    """Nobody answered after all: facts wait again, and what we said stands taken back."""
    suggestion.acknowledgements.all().delete()
    _withdraw_said_about(suggestion)


def _withdraw_said_about(what: Suggestion | Touchpoint) -> None:
    said = Touchpoint.objects.filter(
        shop_id=what.shop_id,
        customer_id=what.customer_id,
        source__startswith=_source_of(what),
        standing=Standing.COUNTS,
    )
    for touchpoint in said:
        set_standing(touchpoint=touchpoint, standing=Standing.WITHDRAWN)


def _hold(touchpoint: Touchpoint) -> Customer:
    """Whose fact it is, held as everything does that may lead to a mail."""
    people = Customer.objects.select_for_update(no_key=True)
    return people.get(shop_id=touchpoint.shop_id, pk=touchpoint.customer_id)


def _source_of(what: Suggestion | Touchpoint) -> str:
    """How the source of what we said about it begins."""
    return f"followups.{what._meta.model_name}:{what.pk}:"
