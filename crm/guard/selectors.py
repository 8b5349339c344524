"""All that is known about an intended contact, read when it is asked about."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from crm.customers.enums import ConsentPurpose, ConsentState, SuppressionScope
from crm.customers.models import Customer, Purchase
from crm.customers.selectors import latest_consent
from crm.customers.services import is_suppressed
from crm.guard.enums import Channel, Moment, Verdict
from crm.guard.models import GuardDecision, GuardSettings
from crm.guard.rules import ABOUT_AN_ORDER, MAY_NAME_AN_ORDER, Case, Decision, Limits, decide
from crm.ledger.enums import OUR_CONTACTS, Kind, Standing
from crm.ledger.models import Touchpoint
from crm.mail.addresses import is_mailable
from crm.mail.enums import LETTERS, SENT, Purpose
from crm.mail.models import Mail, MailContent
from crm.shops.models import Shop
from crm.stages.enums import Mark, Stage
from crm.stages.models import Relationship

#: Between the words of a letter and the foot that the law asks for (crm.followups.letters).
SIGNATURE = "\n-- \n"
COPIED_WITHIN = timedelta(days=365)


def words_of(mail: Mail) -> str:
    """What a queued letter says, without its foot; "" for a question, whose words are ours."""
    if mail.purpose not in LETTERS:
        return ""
    return f"{mail.content.subject}\n{mail.content.text.partition(SIGNATURE)[0]}"


def hash_of(personal: str) -> str:
    """By which words are recognised as the same, but for spaces; "" for none."""
    plain = "".join(personal.split())
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def limits_of(shop_id: int) -> Limits:
    """The shop's restraint, or the default."""
    settings = GuardSettings.objects.filter(shop_id=shop_id).first()
    return settings.limits if settings else Limits()


@dataclass(frozen=True)
class Foresight:
    """What the guard would answer, and the contacts there were that it counts."""

    decision: Decision
    limits: Limits
    contacts: tuple[datetime, ...]  # oldest first, of the last `limits.budget_days`

    @property
    def last_contact(self) -> datetime | None:
        return self.contacts[-1] if self.contacts else None


def foresee(*, customer: Customer, purpose: Purpose, now: datetime, **contact: Any) -> Foresight:
    """What the guard would answer now, by what is stored: nothing is judged anew or kept.

    Takes what `case_of` takes.
    """
    limits = limits_of(customer.shop_id)
    case = case_of(customer=customer, purpose=purpose, now=now, limits=limits, **contact)
    return Foresight(decide(case, limits), limits, tuple(sorted(case.contacts)))


@dataclass(frozen=True)
class Restraint:
    """How many mails were let go, held and refrained from."""

    sent: int = 0
    held: int = 0
    refrained: int = 0

    def __bool__(self) -> bool:
        return any((self.sent, self.held, self.refrained))


def restraint_since(shop_id: int, moment: datetime) -> Restraint:
    """What the guard answered about mails that were due since then; a mail counts by its last."""
    latest = (
        GuardDecision.objects.filter(
            shop_id=shop_id, decided_at__gte=moment, mail__isnull=False, moment=Moment.SENDING
        )
        .order_by("mail_id", "-id")
        .distinct("mail_id")
        .values("verdict")
    )
    counts = Counter(row["verdict"] for row in latest)
    return Restraint(counts[Verdict.ALLOW], counts[Verdict.HOLD], counts[Verdict.BLOCK])


def case_of(
    *,
    customer: Customer,
    purpose: Purpose,
    now: datetime,
    limits: Limits,
    purchase: Purchase | None = None,
    channel: Channel = Channel.MAIL,
    words: str = "",
    personal_hash: str = "",
) -> Case:
    """What the guard needs to know about reaching this person at `now`.

    `words` are those of a letter; `personal_hash` (hash_of) stands for the part of them that
    is meant for this person alone.
    """
    purpose = Purpose(purpose)
    is_letter = purpose in LETTERS
    topic = ConsentPurpose.FOLLOW_UP if is_letter else ConsentPurpose.SURVEY
    scope = SuppressionScope.FOLLOW_UP if is_letter else SuppressionScope.SURVEY
    consent = latest_consent(customer, topic)
    shop = customer.shop
    return Case(
        purpose=purpose,
        channel=channel,
        now=now,
        zone=shop.zone,
        words=_without_names(words, customer, shop),
        is_copied=_is_copied(customer, personal_hash, now),
        is_erased=customer.erased_at is not None,
        has_address=bool(customer.email_norm),
        is_contactable=customer.is_contactable,
        is_suppressed=is_suppressed(shop_id=customer.shop_id, address=customer.email, scope=scope),
        is_refused=consent == ConsentState.REFUSED,
        is_opted_in=consent == ConsentState.GIVEN,
        has_named_sender=bool(shop.keeper_name),
        has_legal_sender=bool(shop.postal_address) and is_mailable(shop.contact_email),
        quiet_until=customer.quiet_until,
        contacts=_contacts(customer, since=now - timedelta(days=limits.budget_days)),
        last_nps_ask=_last_nps_ask(customer),
        **_relationship(customer),
        **(_about(purchase) if purchase and purpose in MAY_NAME_AN_ORDER else {}),
    )


def _without_names(words: str, customer: Customer, shop: Shop) -> str:
    """A shop may be called what its letters may not say."""
    for name in (shop.name, shop.keeper_name, customer.name):
        if name:
            words = words.replace(name, "")
    return words


def _is_copied(customer: Customer, personal_hash: str, now: datetime) -> bool:
    """Whether somebody else was sent, or is about to be, the words meant for this person."""
    if not personal_hash:
        return False
    same = MailContent.objects.filter(shop_id=customer.shop_id, personal_hash=personal_hash)
    return (
        same.filter(mail__created_at__gte=now - COPIED_WITHIN)
        .exclude(mail__customer_id=customer.pk)
        .exists()
    )


def _contacts(customer: Customer, *, since: datetime) -> tuple[datetime, ...]:
    mails = _sent(customer).filter(sending_since__gte=since)
    by_hand = Touchpoint.objects.filter(
        shop_id=customer.shop_id,
        customer=customer,
        kind__in=OUR_CONTACTS,
        standing=Standing.COUNTS,
        at__gte=since,
    )
    return (
        *(at for at in mails.values_list("sending_since", flat=True) if at),
        *by_hand.values_list("at", flat=True),
    )


def _sent(customer: Customer) -> QuerySet[Mail]:
    return Mail.objects.filter(shop_id=customer.shop_id, customer=customer, state__in=SENT)


def _last_nps_ask(customer: Customer) -> datetime | None:
    asks = _sent(customer).filter(purpose=Purpose.NPS).order_by("-sending_since")
    return asks.values_list("sending_since", flat=True).first()


def _relationship(customer: Customer) -> dict[str, Any]:
    row = Relationship.objects.filter(shop_id=customer.shop_id, customer=customer).first()
    if row is None:
        return {"stage": Stage.OBSERVER}
    return {"stage": row.stage, "is_recovery_first": Mark.RECOVERY_FIRST in row.marks}


def _about(purchase: Purchase) -> dict[str, Any]:
    asked = Mail.objects.filter(
        shop_id=purchase.shop_id, purchase=purchase, purpose__in=ABOUT_AN_ORDER, state__in=SENT
    )
    answered = Touchpoint.objects.filter(
        shop_id=purchase.shop_id,
        purchase=purchase,
        kind__in=[Kind.EXPECTATION, Kind.EVALUATION, Kind.PERCEIVED],
        standing=Standing.COUNTS,
    )
    return {
        "ordered_at": purchase.ordered_at,
        "is_order_void": purchase.is_void,
        "asks_about_order": asked.count(),
        "has_answered_about_order": answered.exists(),
    }
