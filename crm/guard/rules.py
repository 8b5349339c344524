"""The decision whether a contact may be made: pure, so that it can be read and tried.

Sources: domain.md section 6 (asking by stage), design.md "Asking and writing".
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.guard.enums import Reason, Verdict
from crm.mail.enums import Purpose

OBSERVER = 0

#: Questions about the person's own order; everything else is a question about us.
ABOUT_AN_ORDER = frozenset({Purpose.EXPECTATION, Purpose.EVALUATION})

#: How long an expectation may still be asked without waiting for the distance.
FRESH_ORDER = timedelta(hours=24)

ONE_YEAR = timedelta(days=365)
LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """The shop's restraint: distance between contacts, contacts in a quarter, the night."""

    distance_days: int = 7
    budget: int = 4
    budget_days: int = 90
    night_from: time = time(21)
    night_until: time = time(8)


@dataclass(frozen=True)
class Case:
    """All that is known about one intended contact at `now`.

    `contacts` are the moments of the mails of the last `budget_days`, in any order.
    `asks_about_order` counts the invitations already sent about the same purchase, and
    `has_answered_about_order` says whether the person answered one of them.
    """

    purpose: Purpose
    now: datetime
    zone: ZoneInfo
    stage: int
    is_recovery_first: bool = False
    is_erased: bool = False
    has_address: bool = True
    is_contactable: bool = True
    is_suppressed: bool = False
    is_refused: bool = False
    is_opted_in: bool = False
    quiet_until: datetime | None = None
    contacts: tuple[datetime, ...] = ()
    ordered_at: datetime | None = None
    is_order_void: bool = False
    asks_about_order: int = 0
    has_answered_about_order: bool = False
    last_nps_ask: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """`until` is set for a hold only: the first moment it is worth asking again."""

    verdict: Verdict
    reason: Reason
    until: datetime | None = None


def decide(case: Case, limits: Limits) -> Decision:
    """Allow, hold until a moment, or block, with the first reason that speaks against it.

    What no waiting can mend is asked first, then what time will mend, the night last.
    """
    for reason, applies in _never(case):
        if applies:
            return Decision(Verdict.BLOCK, reason)
    for reason, until in _not_yet(case, limits):
        if until is not None and until > case.now:
            return Decision(Verdict.HOLD, reason, until)
    return Decision(Verdict.ALLOW, Reason.FINE)


def _never(case: Case) -> list[tuple[Reason, bool]]:
    asked_for = case.purpose == Purpose.NEW_LINK
    is_nps = case.purpose == Purpose.NPS
    about_order = case.purpose in ABOUT_AN_ORDER
    is_observer = case.stage == OBSERVER
    return [
        (Reason.ERASED, case.is_erased),
        (Reason.NO_ADDRESS, not case.has_address),
        (Reason.MASKED_ADDRESS, not case.is_contactable),
        (Reason.SUPPRESSED, case.is_suppressed),
        (Reason.REFUSED, case.is_refused and not asked_for),
        (Reason.NO_CONSENT, case.purpose == Purpose.FOLLOW_UP and not case.is_opted_in),
        (Reason.ORDER_VOID, about_order and case.is_order_void),
        (Reason.STAGE_FORBIDS, is_nps and is_observer),
        (
            # An Observer is asked once about a purchase. The evaluation of somebody who
            # answered the expectation continues that one conversation.
            Reason.ASKED_ONCE,
            about_order
            and is_observer
            and case.asks_about_order > 0
            and not case.has_answered_about_order,
        ),
        (
            Reason.NPS_THIS_YEAR,
            is_nps and case.last_nps_ask is not None and case.now - case.last_nps_ask < ONE_YEAR,
        ),
    ]


def _not_yet(case: Case, limits: Limits) -> list[tuple[Reason, datetime | None]]:
    if case.purpose == Purpose.NEW_LINK:
        return []  # the person is waiting for it
    contacts = sorted(case.contacts)
    is_fresh_expectation = (
        case.purpose == Purpose.EXPECTATION
        and case.ordered_at is not None
        and case.now - case.ordered_at <= FRESH_ORDER
    )
    next_by_distance = (
        contacts[-1] + timedelta(days=limits.distance_days)
        if contacts and not is_fresh_expectation
        else None
    )
    in_budget = [at for at in contacts if case.now - at < timedelta(days=limits.budget_days)]
    next_by_budget = (
        in_budget[-limits.budget] + timedelta(days=limits.budget_days)
        if len(in_budget) >= limits.budget
        else None
    )
    return [
        (Reason.RECOVERY_FIRST, case.now + LOOK_AGAIN if case.is_recovery_first else None),
        (Reason.LEFT_QUIET, case.quiet_until),
        (Reason.DISTANCE, next_by_distance),
        (Reason.BUDGET, next_by_budget),
        (Reason.NIGHT, _morning(case, limits)),
    ]


def _morning(case: Case, limits: Limits) -> datetime | None:
    """The end of the present night in the shop's zone; None by day."""
    local = case.now.astimezone(case.zone)
    clock = local.time()
    begins, ends = limits.night_from, limits.night_until
    is_over_midnight = begins > ends
    is_night = (clock >= begins or clock < ends) if is_over_midnight else begins <= clock < ends
    if not is_night:
        return None
    day = local.date() + timedelta(days=1) if clock >= ends else local.date()
    return datetime.combine(day, ends, tzinfo=case.zone)
