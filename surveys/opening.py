"""What stands behind an answer link, in one reading.

Written as SQL by hand: every opened link and every answer runs this, and building the same
five joins through the ORM takes ten times as long as PostgreSQL takes to do them.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from crm.customers.models import Customer, Purchase
from surveys.enums import Occasion
from surveys.wording import Item, Texts, item_in


@dataclass(frozen=True)
class Answer:
    """The answer that stands, with its words."""

    response_id: int
    n: int
    score: int
    words: str
    touchpoint_id: int
    answered_at: datetime
    is_suspected: bool
    is_from_burst: bool  # found to be a machine that tries every button


@dataclass(frozen=True)
class Opened:
    """An invitation as its page and its answer need it. `is_locked`: nobody else answers it
    before the transaction ends."""

    shop_id: int
    id: int
    survey_id: int
    occasion: str
    nonce: str
    expires_at: datetime
    stage: int  # theirs when they were asked
    customer_id: int
    purchase_id: int | None
    reminder_id: int | None  # the mail that asked, or will ask, once more
    locale: str
    texts: Texts
    mailed_at: datetime | None
    answer: Answer | None
    is_locked: bool

    def item(self, language: str) -> Item:
        return item_in(self.texts, language)

    @property
    def customer(self) -> Customer:
        """Who was asked, to be referred to; nothing more of them is read."""
        return Customer(shop_id=self.shop_id, pk=self.customer_id)

    @property
    def purchase(self) -> Purchase | None:
        """What it was about, to be referred to; None for a question about the shop itself."""
        if self.occasion == Occasion.NPS or self.purchase_id is None:
            return None
        return Purchase(shop_id=self.shop_id, pk=self.purchase_id)


_OPEN = """
    SELECT i.survey_id, i.occasion, i.nonce, i.expires_at, i.stage, i.customer_id, i.purchase_id,
           i.reminder_id,
           c.locale, v.items -> i.occasion, m.accepted_at,
           r.id, r.n, (r.answers ->> 'overall')::int, COALESCE(t.text, ''), r.touchpoint_id,
           r.answered_at, r.is_suspected, r.signals @> '["several"]'
      FROM surveys_invitation i
      JOIN surveys_surveyversion v ON v.shop_id = i.shop_id AND v.id = i.version_id
      JOIN crm_customer c ON c.shop_id = i.shop_id AND c.id = i.customer_id
      LEFT JOIN crm_mail m ON m.shop_id = i.shop_id AND m.id = i.mail_id
      LEFT JOIN surveys_response r ON r.shop_id = i.shop_id AND r.invitation_id = i.id
      LEFT JOIN crm_touchpointtext t ON t.shop_id = i.shop_id AND t.touchpoint_id = r.touchpoint_id
     WHERE i.shop_id = %s AND i.id = %s AND c.erased_at IS NULL
"""


def _prepared(sql: str, values: list[int]) -> tuple[Any, ...] | None:
    """The one row of a query that each connection plans once.

    Planning these joins takes PostgreSQL ten times as long as doing them, and Django's own
    cursors have every query planned anew.
    """
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection) as cursor,
    ):
        return cursor.execute(sql, values, prepare=True).fetchone()


def open_invitation(shop_id: int, invitation_id: int, *, lock: bool = False) -> Opened | None:
    """The invitation behind a link; None when there is none, or its person was erased.

    With `lock`, twenty equal answers at once queue up here, so that each sees what the
    first has done.
    """
    with connection.cursor() as cursor:
        if lock:
            # A statement of its own: the one that waits would still see the tables as they
            # were when it began.
            cursor.execute(
                "SELECT 1 FROM surveys_invitation WHERE shop_id = %s AND id = %s FOR NO KEY UPDATE",
                [shop_id, invitation_id],
            )
    row = _prepared(_OPEN, [shop_id, invitation_id])
    if row is None:
        return None
    survey_id, occasion, nonce, expires_at, stage, customer_id, purchase_id, reminder_id, *rest = (
        row
    )
    locale, texts, mailed_at, response_id, *answer = rest
    return Opened(
        shop_id=shop_id,
        id=invitation_id,
        survey_id=survey_id,
        occasion=occasion,
        nonce=nonce,
        expires_at=expires_at,
        stage=stage,
        customer_id=customer_id,
        purchase_id=purchase_id,
        reminder_id=reminder_id,
        locale=locale,
        texts=json.loads(texts),
        mailed_at=mailed_at,
        answer=Answer(response_id, *answer) if response_id else None,
        is_locked=lock,
    )
