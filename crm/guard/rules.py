"""The decision whether a contact may be made: pure, so that it can be read and tried.

Sources: domain.md section 6 (the stages, what each forbids, asking by stage), design.md
"Asking and writing". Nobody may override a refusal: what consent, suppression or an open
complaint forbid is not ours to allow, and words that do not suit are quickly put otherwise,
for the answer names them.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.customers.quiet import FOR_GOOD
from crm.guard.enums import Channel, Measure, Reason, Verdict
from crm.guard.wording import Found, forbidden_in, offers_in
from crm.mail.enums import LETTERS, Purpose
from crm.stages.enums import Stage

#: Questions about the person's own order; everything else is a question about us.
ABOUT_AN_ORDER = frozenset({Purpose.EXPECTATION, Purpose.EVALUATION})

#: A reminder comes back to a question, which may have been about an order.
MAY_NAME_AN_ORDER = ABOUT_AN_ORDER | {Purpose.REMINDER}

#: What answers a step of the customer's: it needs no opt-in, and does not wait for the
#: distance, but it counts. A call for help waits for no budget either.
ANSWERS = frozenset({Purpose.REPLY, Purpose.RECOVERY})

#: Channels that come too close for a stage (距離), unless something must be put right.
TOO_CLOSE = {
    Stage.OBSERVER: frozenset({Channel.LETTER, Channel.PHONE}),
    Stage.LANDING: frozenset({Channel.PHONE}),
}

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

    `contacts` are the moments of the contacts of the last `budget_days`, in any order, by
    mail, by hand and by phone. `asks_about_order` counts the invitations already sent about
    the same purchase, and `has_answered_about_order` says whether the person answered one of
    them. `words` is what a letter says; `is_copied` that it was said to somebody else too.
    """

    purpose: Purpose
    now: datetime
    zone: ZoneInfo
    stage: int
    channel: Channel = Channel.MAIL
    words: str = ""
    is_copied: bool = False
    is_recovery_first: bool = False
    is_erased: bool = False
    has_address: bool = True
    is_contactable: bool = True
    is_suppressed: bool = False
    is_refused: bool = False
    is_opted_in: bool = False
    has_named_sender: bool = True
    has_legal_sender: bool = True
    quiet_until: datetime | None = None
    contacts: tuple[datetime, ...] = ()
    ordered_at: datetime | None = None
    is_order_void: bool = False
    asks_about_order: int = 0
    has_answered_about_order: bool = False
    last_nps_ask: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """`until` is set for a hold only: the first moment it is worth asking again. `found` are
    the words a block rests on, where it rests on words."""

    verdict: Verdict
    reason: Reason
    until: datetime | None = None
    found: tuple[Found, ...] = ()


def decide(case: Case, limits: Limits) -> Decision:
    """Allow, hold until a moment, or block, with the first reason that speaks against it.

    What no waiting can mend is asked first, then what other words would mend, then what time
    will mend, the night last.
    """
    for reason, applies in _never(case):
        if applies:
            return Decision(Verdict.BLOCK, reason)
    for reason, found in _not_so(case):
        if found:
            return Decision(Verdict.BLOCK, reason, found=found)
    for reason, until in _not_yet(case, limits):
        if until is not None and until > case.now:
            return Decision(Verdict.HOLD, reason, until)
    return Decision(Verdict.ALLOW, Reason.FINE)


def _never(case: Case) -> list[tuple[Reason, bool]]:
    by_mail = case.channel == Channel.MAIL
    is_recovery = case.purpose == Purpose.RECOVERY
    is_nps = case.purpose == Purpose.NPS
    about_order = case.purpose in ABOUT_AN_ORDER
    is_observer = case.stage == Stage.OBSERVER
    is_letter = case.purpose in LETTERS
    is_reminder = case.purpose == Purpose.REMINDER
    # A parcel the person ordered may hold a note; and who complains wants to hear from us.
    heeds_refusal = not is_recovery and case.channel != Channel.INSERT
    too_close = TOO_CLOSE.get(Stage(case.stage), frozenset())
    return [
        (Reason.ERASED, case.is_erased),
        (Reason.NO_ADDRESS, by_mail and not case.has_address),
        (Reason.MASKED_ADDRESS, by_mail and not case.is_contactable),
        (Reason.SUPPRESSED, by_mail and case.is_suppressed),
        (Reason.REFUSED, case.is_refused and heeds_refusal and not _is_awaited(case)),
        (
            Reason.LEFT_QUIET,
            case.quiet_until == FOR_GOOD and not is_recovery and not _is_awaited(case),
        ),
        (
            Reason.NO_CONSENT,
            case.purpose == Purpose.FOLLOW_UP
            and case.channel != Channel.INSERT
            and not case.is_opted_in,
        ),
        (
            Reason.NO_SENDER,
            is_letter
            and (
                (by_mail and not case.has_legal_sender)
                or (case.stage >= Stage.EMPATHY and not case.has_named_sender)
            ),
        ),
        # Whoever asked for quiet, or has something unresolved, is not reminded later either.
        (Reason.LEFT_QUIET, is_reminder and (case.quiet_until or case.now) > case.now),
        (Reason.RECOVERY_FIRST, is_reminder and case.is_recovery_first),
        (Reason.NOT_REMINDED, is_reminder and case.stage != Stage.LANDING),
        (Reason.ORDER_VOID, (about_order or is_reminder) and case.is_order_void),
        (Reason.STAGE_FORBIDS, is_nps and is_observer),
        (Reason.TOO_CLOSE, is_letter and not is_recovery and case.channel in too_close),
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


def _not_so(case: Case) -> list[tuple[Reason, tuple[Found, ...]]]:
    """What the words of a letter make of it."""
    if case.purpose not in LETTERS:
        return []
    copied = (
        (Found(Measure.TEMPLATE, ""),) if case.is_copied and case.stage >= Stage.EMPATHY else ()
    )
    return [
        (Reason.MEASURE_FORBIDDEN, (*copied, *forbidden_in(case.words, Stage(case.stage)))),
        (Reason.SELLS, () if case.is_opted_in else offers_in(case.words)),
    ]


def _not_yet(case: Case, limits: Limits) -> list[tuple[Reason, datetime | None]]:
    if _is_awaited(case):
        return []
    night = (Reason.NIGHT, _morning(case, limits) if case.channel != Channel.INSERT else None)
    if case.purpose == Purpose.RECOVERY:
        return [night]
    contacts = sorted(case.contacts)
    is_fresh_expectation = (
        case.purpose == Purpose.EXPECTATION
        and case.ordered_at is not None
        and case.now - case.ordered_at <= FRESH_ORDER
    )
    # A note in a parcel comes when the parcel comes, and so at no time of our choosing.
    keeps_distance = (
        case.channel != Channel.INSERT and case.purpose not in ANSWERS and not is_fresh_expectation
    )
    next_by_distance = (
        contacts[-1] + timedelta(days=limits.distance_days) if contacts and keeps_distance else None
    )
    in_budget = [at for at in contacts if case.now - at < timedelta(days=limits.budget_days)]
    next_by_budget = (
        in_budget[-limits.budget] + timedelta(days=limits.budget_days)
        if len(in_budget) >= limits.budget and case.channel != Channel.INSERT
        else None
    )
    return [
        (Reason.RECOVERY_FIRST, case.now + LOOK_AGAIN if case.is_recovery_first else None),
        (Reason.LEFT_QUIET, case.quiet_until),
        (Reason.DISTANCE, next_by_distance),
        (Reason.BUDGET, next_by_budget),
        night,
    ]


def _is_awaited(case: Case) -> bool:
    """Whether the person pressed a button for it and waits."""
    return case.purpose == Purpose.NEW_LINK


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
