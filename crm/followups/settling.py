"""What becomes of a suggestion once it was proposed: every change that people make to it.

Each holds the customer first and then the suggestion, as everything does that may lead to a
mail, so that of two people who press at once the second hears what the first did. Whatever
cannot be done is refused with words (ValidationError), and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.followups.answering import answer_all, say_by_hand, unsay
from crm.followups.enums import OPEN, Call, Dismissal, SuggestionState
from crm.followups.letters import Letter, letter_of, stage_of, words_of_mail
from crm.followups.models import Suggestion
from crm.followups.selectors import midnight
from crm.guard.enums import Channel, Moment, Verdict
from crm.guard.rules import Decision
from crm.guard.selectors import hash_of
from crm.guard.services import ask
from crm.mail import services as mails
from crm.mail.enums import SENT, MailReason
from crm.mail.models import Mail
from crm.shops.models import Shop, User
from crm.work import services as work

#: An approved letter waits so long, in case somebody thinks better of it.
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Approval:
    """What the guard answered, and the mail that will go out; None when none will."""

    decision: Decision
    mail: Mail | None


@transaction.atomic
def save_draft(*, suggestion_id: int, shop: Shop, letter: Letter, revision: int) -> Suggestion:
    """Keep the letter as it was typed; refused when somebody else changed it meanwhile."""
    suggestion = _hold_open(suggestion_id, shop)
    _write(suggestion, letter, revision, shop)
    return suggestion


@transaction.atomic
def approve(
    *, suggestion_id: int, shop: Shop, by: User, letter: Letter, revision: int, now: datetime
) -> Approval:
    """Have a letter sent in ten minutes, or when the guard lets it; until then it can be undone.

    The guard is asked now and once more when the mail leaves. What it forbids is not sent,
    and the letter is kept to be put otherwise.
    """
    suggestion = _hold_open(suggestion_id, shop)
    if suggestion.what.channel != Channel.MAIL:
        raise ValidationError(_("This is not done by mail."), code="channel")
    customer = suggestion.customer
    if suggestion.what.needs_personal(stage_of(customer)) and not letter.is_personal:
        raise ValidationError(
            _("The words that only you can write to this person are still missing."),
            code="personal",
        )
    if not letter.subject.strip() or not letter.paragraphs:
        raise ValidationError(_("A letter needs a subject and words."), code="empty")
    _write(suggestion, letter, revision, shop)
    decision = ask(
        customer=customer,
        purpose=suggestion.what.purpose,
        moment=Moment.PLANNING,
        now=now,
        words=letter.words,
        personal_hash=hash_of(letter.personal),
    )
    expires_at = _end_of_use(suggestion, now)
    if decision.verdict == Verdict.BLOCK or (decision.until and decision.until >= expires_at):
        return Approval(decision, None)
    mail = mails.queue_mail(
        customer=customer,
        purpose=suggestion.what.purpose,
        words=words_of_mail(suggestion, letter, shop),
        due_at=now + UNDO_FOR,
        expires_at=expires_at,
        # Each approval is a mail of its own: one that was taken back stays taken back.
        dedup_key=f"followups.suggestion:{suggestion.pk}:{now.isoformat()}",
    )
    if decision.until and decision.until > mail.due_at:
        mails.hold(mail, until=decision.until, reason=decision.reason)
    suggestion.mail = mail
    _settle(suggestion, SuggestionState.APPROVED, by=by, now=now)
    return Approval(decision, mail)


@transaction.atomic
def dismiss(
    *, suggestion_id: int, shop: Shop, by: User, reason: Dismissal, note: str, now: datetime
) -> Suggestion:
    """Set it aside, and say why."""
    suggestion = _hold_open(suggestion_id, shop)
    suggestion.reason, suggestion.note = reason, note
    return _settle(suggestion, SuggestionState.DISMISSED, by=by, now=now)


@transaction.atomic
def put_off(*, suggestion_id: int, shop: Shop, now: datetime, days: int = 1) -> Suggestion:
    """Let it come again on another day (あとにする)."""
    suggestion = _hold_open(suggestion_id, shop)
    suggestion.put_off_until = midnight(shop, now, days=days)
    suggestion.save(update_fields=["put_off_until"])
    return suggestion


@transaction.atomic
def finish_by_hand(
    *, suggestion_id: int, shop: Shop, by: User, channel: Channel | None, note: str, now: datetime
) -> Suggestion:
    """Somebody did it themselves: by letter, in the parcel, by phone; None: in another way.

    What we said becomes a fact of the ledger, and what waited for it is answered. To leave
    somebody in peace is finished so too, and leaves no fact.
    """
    suggestion = _hold_open(suggestion_id, shop)
    suggestion.note, suggestion.settled_by = note, by
    if not suggestion.what.is_rest:
        if channel is not None:
            say_by_hand(suggestion, channel=channel, text=note, at=now)
        answer_all(suggestion, until=now, at=now, channel=channel)
    return _settle(suggestion, SuggestionState.DONE, by=by, now=now)


@transaction.atomic
def keep_quiet(*, ids: Sequence[int], shop: Shop, by: User, now: datetime) -> int:
    """Leave these people in peace, and count it as done; how many were still to be settled."""
    resting = Suggestion.objects.filter(
        shop=shop, pk__in=ids, rank=Call.REST, state=SuggestionState.PROPOSED
    )
    return resting.update(state=SuggestionState.DONE, settled_by=by, settled_at=now)


@transaction.atomic
def undo(*, suggestion_id: int, shop: Shop, now: datetime) -> Suggestion:
    """Take back what was settled: a letter until it leaves, anything else on the same day."""
    suggestion = _hold(suggestion_id, shop)
    if suggestion.state == SuggestionState.PROPOSED:
        suggestion.put_off_until = None
        suggestion.save(update_fields=["put_off_until"])
        return suggestion
    _require_undoable(suggestion, shop, now)
    if suggestion.mail and not mails.cancel(suggestion.mail, reason=MailReason.TAKEN_BACK):
        raise ValidationError(_("The letter has already left."), code="late")
    _make_room(suggestion, now)
    unsay(suggestion)
    suggestion.mail, suggestion.reason, suggestion.put_off_until = None, "", None
    suggestion.settled_at = suggestion.settled_by = None
    suggestion.state = SuggestionState.PROPOSED
    suggestion.save()
    return suggestion


@transaction.atomic
def settle_by_mail(*, mail: Mail, now: datetime) -> None:
    """Write down what became of an approved letter; twice is as once.

    Where nobody can tell whether it left, the matter is closed all the same: it must not be
    sent twice.
    """
    found = Suggestion.objects.filter(shop_id=mail.shop_id, mail=mail).first()
    suggestion = _hold(found.pk, mail.shop) if found else None
    if suggestion is None or suggestion.state != SuggestionState.APPROVED:
        return
    if mail.state in SENT:
        at = mail.accepted_at or now
        answer_all(suggestion, until=mail.created_at, at=at, channel=Channel.MAIL)
        _settle(suggestion, SuggestionState.DONE, by=suggestion.settled_by, now=now)
    else:
        suggestion.reason = mail.reason
        _settle(suggestion, SuggestionState.EXPIRED, by=suggestion.settled_by, now=now)


def _hold(suggestion_id: int, shop: Shop) -> Suggestion:
    """The suggestion as it is now, it and its customer held; DoesNotExist when there is none."""
    found = Suggestion.objects.get(shop=shop, pk=suggestion_id)
    Customer.objects.select_for_update(no_key=True).filter(pk=found.customer_id).first()
    return (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("customer__shop", "customer__relationship", "settled_by", "mail")
        .get(shop=shop, pk=suggestion_id)
    )


def _hold_open(suggestion_id: int, shop: Shop) -> Suggestion:
    suggestion = _hold(suggestion_id, shop)
    if suggestion.state != SuggestionState.PROPOSED:
        raise ValidationError(_what_became_of(suggestion), code="settled")
    return suggestion


def _what_became_of(suggestion: Suggestion) -> str:
    who = suggestion.settled_by
    match suggestion.state:
        case SuggestionState.APPROVED if who:
            return _("%(who)s has approved it already; it is about to be sent.") % {"who": who}
        case SuggestionState.DONE if who:
            return _("%(who)s has done it already.") % {"who": who}
        case SuggestionState.DISMISSED if who:
            return _("%(who)s has set it aside.") % {"who": who}
        case _:
            return _("Something happened meanwhile, and this is no longer what suits.")


def _write(suggestion: Suggestion, letter: Letter, revision: int, shop: Shop) -> None:
    """Keep a letter that differs from the one there was, which must be the one they saw."""
    if letter == letter_of(suggestion, shop):
        return
    if revision != suggestion.revision:
        raise ValidationError(
            _("Somebody else changed this letter meanwhile. What you typed is kept below."),
            code="changed",
        )
    suggestion.subject, suggestion.opening = letter.subject, letter.opening
    suggestion.personal, suggestion.closing = letter.personal, letter.closing
    suggestion.revision += 1
    suggestion.save(update_fields=["subject", "opening", "personal", "closing", "revision"])


def _settle(
    suggestion: Suggestion, state: SuggestionState, *, by: User | None, now: datetime
) -> Suggestion:
    suggestion.state, suggestion.settled_by, suggestion.settled_at = state, by, now
    suggestion.save()
    # What suits next is judged with what was just done.
    work.mark(f"review:{suggestion.customer_id}", shop_id=suggestion.shop_id)
    return suggestion


def _end_of_use(suggestion: Suggestion, now: datetime) -> datetime:
    day: date = suggestion.expires_on or (now + timedelta(days=30)).date()
    return datetime.combine(day, time(), tzinfo=suggestion.customer.shop.zone)


def _require_undoable(suggestion: Suggestion, shop: Shop, now: datetime) -> None:
    is_by_mail = suggestion.mail is not None
    if suggestion.state == SuggestionState.APPROVED and is_by_mail:
        return
    is_of_today = suggestion.settled_at and suggestion.settled_at >= midnight(shop, now)
    if suggestion.state not in {SuggestionState.DONE, SuggestionState.DISMISSED} or (
        is_by_mail or not is_of_today
    ):
        raise ValidationError(_("This can no longer be undone."), code="late")


def _make_room(suggestion: Suggestion, now: datetime) -> None:
    """Let go of what was proposed since, unless somebody has begun with it."""
    since = Suggestion.objects.filter(
        shop_id=suggestion.shop_id,
        customer_id=suggestion.customer_id,
        state__in=OPEN,
    ).exclude(pk=suggestion.pk)
    if since.exclude(state=SuggestionState.PROPOSED, revision=0).exists():
        raise ValidationError(
            _("Something else has been begun for this person since."), code="begun"
        )
    since.update(state=SuggestionState.EXPIRED, settled_at=now)
