from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from crm.customers.models import Customer, Purchase
from crm.ledger.enums import BORN_SHOWN, Kind, Medium, Standing
from crm.ledger.models import Touchpoint, TouchpointText
from crm.ledger.words import measure
from crm.work import services as work

#: What may open, close or belong to a case: its case is then to be looked at again.
_OF_CASES = frozenset({Kind.COMPLAINT, Kind.COMPLAINT_CLOSED, Kind.COMPLAINT_REOPENED, Kind.REVIEW})

#: Columns that the database fills.
_MADE_THERE = frozenset({"id", "recorded_at"})


@transaction.atomic(savepoint=False)
def record_touchpoint(
    *,
    customer: Customer,
    kind: Kind,
    at: datetime,
    source: str,
    purchase: Purchase | None = None,
    value: Decimal | None = None,
    text: str = "",
    stars: int | None = None,
    is_rewarded: bool = False,
    is_public: bool = False,
    other_customer: Customer | None = None,
    replaces: Touchpoint | None = None,
    response: str = "",
    thread: str = "",
    medium: Medium | None = None,
    is_suspected: bool = False,
) -> Touchpoint:
    """Add one fact to the customer's ledger and have their stage looked at again.

    Recording the same source again returns the row already there, so a caller that
    retries never counts a fact twice. `value` is on 0-10 for scores and -1, 0, 1 for
    perceived and recovery answers.
    """
    words_len, words_is_ja = measure(text)
    touchpoint = Touchpoint(
        shop_id=customer.shop_id,
        source=source,
        customer=customer,
        kind=kind,
        at=at,
        purchase=purchase,
        value=value,
        words_len=words_len,
        words_is_ja=words_is_ja,
        stars=stars,
        is_rewarded=is_rewarded,
        is_public=is_public,
        other_customer=other_customer,
        replaces=replaces,
        response=response,
        thread=thread,
        medium=medium or "",
        standing=Standing.SUSPECTED if is_suspected else _born(kind),
    )
    if not _insert(touchpoint):
        return Touchpoint.objects.get(shop_id=customer.shop_id, source=source)
    if text.strip():
        TouchpointText.objects.create(shop_id=customer.shop_id, touchpoint=touchpoint, text=text)
    _look_again(touchpoint)
    return touchpoint


def _insert(touchpoint: Touchpoint) -> bool:
    """Write the fact unless its source is in the ledger already; whether it was written.

    By hand, because every answer passes here: get_or_create asks twice and sets two
    savepoints around the insert, for a conflict that hardly ever comes.
    """
    fields = [field for field in Touchpoint._meta.concrete_fields if field.name not in _MADE_THERE]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [
        field.get_db_prep_save(field.pre_save(touchpoint, add=True), connection) for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO crm_touchpoint ({columns}) "  # noqa: S608  (names of our own columns)
            f"VALUES ({', '.join(['%s'] * len(fields))}) "
            "ON CONFLICT (shop_id, source) DO NOTHING RETURNING id",
            values,
        )
        written = cursor.fetchone()
    if written:
        touchpoint.pk = written[0]
        touchpoint._state.adding = False
    return written is not None


@transaction.atomic
def set_standing(*, touchpoint: Touchpoint, standing: Standing) -> None:
    """Let a fact count, or not: a machine's answer, or a letter marked personal. Reversible."""
    changed = (
        Touchpoint.objects.filter(shop_id=touchpoint.shop_id, pk=touchpoint.pk)
        .exclude(standing=standing)
        .update(standing=standing)
    )
    if changed:
        _look_again(touchpoint)


def mark_personal(*, touchpoint: Touchpoint, is_personal: bool) -> None:
    """Staff say that a reply or inquiry is a personal letter (お便り), so that its words count;
    or that it is none after all. ValueError for what is neither."""
    if not touchpoint.may_be_personal:
        raise ValueError(f"A {touchpoint.kind} ({touchpoint.standing}) is not marked personal")
    set_standing(touchpoint=touchpoint, standing=Standing.COUNTS if is_personal else Standing.SHOWN)


def withdraw(*, touchpoint: Touchpoint) -> None:
    """Take back what was written down by hand, as if it had never been there; the row stays."""
    _require_hand(touchpoint)
    set_standing(touchpoint=touchpoint, standing=Standing.WITHDRAWN)


def restore(*, touchpoint: Touchpoint) -> None:
    """Let what was taken back be there again, as it was when it was written down."""
    _require_hand(touchpoint)
    if touchpoint.standing == Standing.WITHDRAWN:
        set_standing(touchpoint=touchpoint, standing=_born(Kind(touchpoint.kind)))


def _require_hand(touchpoint: Touchpoint) -> None:
    if not touchpoint.is_by_hand:
        raise ValueError(f"{touchpoint.source} was not written down by hand")


def _born(kind: Kind) -> Standing:
    return Standing.SHOWN if kind in BORN_SHOWN else Standing.COUNTS


def _look_again(touchpoint: Touchpoint) -> None:
    if touchpoint.kind in _OF_CASES:
        work.mark(f"complaint:{touchpoint.customer_id}", shop_id=touchpoint.shop_id)
    work.mark(f"review:{touchpoint.customer_id}", shop_id=touchpoint.shop_id)
