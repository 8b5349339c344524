"""What is proposed to a shop's people, and what is overtaken by events before they settle it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from crm.customers.models import Customer
from crm.followups.enums import Call, SuggestionState
from crm.followups.evidence import evidence_of
from crm.followups.models import Suggestion
from crm.followups.play import Play
from crm.followups.plays import suiting
from crm.followups.selectors import situation_of, spent_suggestions
from crm.followups.situation import Situation
from crm.guard.enums import Verdict
from crm.guard.rules import Decision
from crm.guard.selectors import foresee
from crm.ledger.enums import OURS
from crm.mail import services as mails
from crm.mail.enums import MailReason
from crm.stages.rules import Assessment

#: Older facts are history, which comes little by little (tasks.propose_from_history).
FRESH = timedelta(days=3)
FROM_HISTORY_A_DAY = 20

_REOPENED = (SuggestionState.PROPOSED, SuggestionState.EXPIRED)


def propose(
    *,
    customer: Customer,
    assessment: Assessment,
    now: datetime,
    may_add: bool = True,
    is_timely: bool = True,
) -> Suggestion | None:
    """What suits this relationship now; None when nothing does, or nothing new may be added.

    A customer has one open suggestion at most, so that nobody writes to them twice. A
    proposal that no longer suits is overtaken by events, and comes back with its draft when
    it suits again. What somebody approved stands, unless something must be solved first.
    The caller holds the customer (crm.stages.services.reassess).
    """
    situation = situation_of(customer, assessment, now=now)
    known = list(
        Suggestion.objects.filter(shop_id=customer.shop_id, customer=customer)
        .select_related("mail")
        .order_by("id")
    )
    approved = next((each for each in known if each.state == SuggestionState.APPROVED), None)
    if approved and not (situation.is_recovery_first and _take_back(approved, now)):
        return approved
    chosen = _choose(customer, situation, known, now=now)
    present = next((each for each in known if each.state == SuggestionState.PROPOSED), None)
    if present and chosen and _stands(present, chosen[0], situation):
        return present
    if present:
        _expire([present], now)
    if chosen is None or not (may_add or present):
        return None
    play, foreseen = chosen
    return _open(customer, play, foreseen, situation, assessment, known, now, is_timely)


def expire_spent(*, shop_id: int, today: date, now: datetime) -> int:
    """Let go of what nobody settled while it was of use; how many."""
    return spent_suggestions(shop_id, today).update(
        state=SuggestionState.EXPIRED, settled_at=now, reason=MailReason.TOO_LATE
    )


def has_fresh_fact(customer: Customer, now: datetime) -> bool:
    """Whether something happened to this customer lately, so that advice would be timely."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT 1 FROM crm_purchase
                            WHERE shop_id = %(shop)s AND customer_id = %(customer)s
                              AND ordered_at > %(since)s)
                OR EXISTS (SELECT 1 FROM crm_touchpoint
                            WHERE shop_id = %(shop)s AND customer_id = %(customer)s
                              AND at > %(since)s AND NOT kind = ANY(%(ours)s))
            """,
            {
                "shop": customer.shop_id,
                "customer": customer.pk,
                "since": now - FRESH,
                "ours": list(OURS),
            },
        )
        return bool(cursor.fetchone()[0])


def _choose(
    customer: Customer, situation: Situation, known: Iterable[Suggestion], *, now: datetime
) -> tuple[Play, Decision | None] | None:
    """The first play that suits, that nobody settled yet and that the guard would let pass."""
    for play in suiting(situation):
        before = _same(known, play, situation)
        if before and (before.state not in _REOPENED or _is_spent(before, situation.today)):
            continue
        if play.channel is None or play.is_answer:
            return play, None
        # A first step of ours is proposed only where it could be made. An answer is proposed
        # anyway: if not by mail, then in another way.
        asked: dict[str, Any] = {"purpose": play.purpose, "channel": play.channel}
        foreseen = foresee(customer=customer, now=now, **asked).decision
        if foreseen.verdict != Verdict.BLOCK:
            return play, foreseen
    return None


def _open(
    customer: Customer,
    play: Play,
    foreseen: Decision | None,
    situation: Situation,
    assessment: Assessment,
    known: Iterable[Suggestion],
    now: datetime,
    is_timely: bool,
) -> Suggestion:
    about = play.about(situation)
    suggestion = _same(known, play, situation) or Suggestion(
        shop_id=customer.shop_id,
        customer=customer,
        play=play.key,
        spell_from_on=assessment.stage_since,
        about_id=about.id if about else None,
        rank=play.call,
        evidence=evidence_of(play, situation, assessment),
        proposed_at=now,
        is_timely=is_timely or play.call == Call.SOLVE,
        expires_on=situation.today + timedelta(days=play.lasts_days),
        put_off_until=foreseen.until if foreseen else None,
    )
    if suggestion.pk is None or suggestion.state == SuggestionState.EXPIRED:
        suggestion.state = SuggestionState.PROPOSED
        suggestion.settled_at, suggestion.reason, suggestion.mail = None, "", None
        suggestion.save()
    return suggestion


def _same(known: Iterable[Suggestion], play: Play, situation: Situation) -> Suggestion | None:
    """The suggestion there was of this play, about the same fact or in the same stay."""
    return next((each for each in known if _is_for(each, play, situation)), None)


def _is_for(suggestion: Suggestion, play: Play, situation: Situation) -> bool:
    if suggestion.play != play.key:
        return False
    about = play.about(situation)
    if about is not None:
        return suggestion.about_id == about.id
    return suggestion.about_id is None and suggestion.spell_from_on == situation.since_on


def _stands(present: Suggestion, play: Play, situation: Situation) -> bool:
    """Whether what is proposed is still what should be: to solve one thing is to solve all."""
    is_solving = play.call == Call.SOLVE and present.play == play.key
    return is_solving or _is_for(present, play, situation)


def _is_spent(suggestion: Suggestion, today: date) -> bool:
    return suggestion.expires_on is not None and suggestion.expires_on <= today


def _take_back(suggestion: Suggestion, now: datetime) -> bool:
    """Call off an approved letter for something that comes first; False when it has left."""
    is_called_off = suggestion.mail is None or mails.cancel(
        suggestion.mail, reason=MailReason.OVERTAKEN
    )
    if is_called_off:
        _expire([suggestion], now)
    return is_called_off


def _expire(suggestions: Iterable[Suggestion], now: datetime) -> None:
    for suggestion in suggestions:
        suggestion.state = SuggestionState.EXPIRED
        suggestion.settled_at = now
        suggestion.save(update_fields=["state", "settled_at"])
