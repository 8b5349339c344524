"""How a suggestion and the guard's answer are said."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.followups.enums import Dismissal
from crm.followups.evidence import told
from crm.followups.models import Suggestion
from crm.guard.enums import Reason, Verdict
from crm.guard.selectors import Foresight
from crm.templatetags.relationship import reason_words

register = template.Library()

_MARKS = {Verdict.ALLOW: "mark-allow", Verdict.HOLD: "mark-withheld", Verdict.BLOCK: "mark-block"}
_DISMISSALS = dict(Dismissal.choices)


@register.filter
def why(suggestion: Suggestion) -> str:
    """Why this is suggested, with the evidence, as of today; once it is settled, as of that day."""
    as_of = timezone.localdate(suggestion.settled_at) if suggestion.settled_at else None
    return told(suggestion.what.why, suggestion.evidence, today=as_of or timezone.localdate())


@register.filter
def settled_words(suggestion: Suggestion) -> str | Promise:
    """Why it was set aside, or why a letter did not go."""
    return _DISMISSALS.get(suggestion.reason) or reason_words(suggestion.reason)


@register.inclusion_tag("crm/guard/_verdict.html")
def guard_verdict(foresight: Foresight) -> dict[str, object]:
    """The guard's answer: its mark, its word, the reason, and the words that speak against it."""
    decision = foresight.decision
    is_fine = decision.reason == Reason.FINE
    return {
        "decision": decision,
        "mark": _MARKS[decision.verdict],
        "verdict": decision.verdict.label,
        "reason": _contacts_in_words(foresight) if is_fine else decision.reason.label,
    }


def _contacts_in_words(foresight: Foresight) -> str:
    """How far away the last contact is, and how many there were."""
    last = foresight.last_contact
    if last is None:
        return _("There has been no contact for %(days)s days.") % {
            "days": foresight.limits.budget_days
        }
    days = _days_since(last)
    return ngettext(
        "The last contact was %(ago)s days ago; there was %(count)s in %(days)s days "
        "(at most %(limit)s).",
        "The last contact was %(ago)s days ago; there were %(count)s in %(days)s days "
        "(at most %(limit)s).",
        len(foresight.contacts),
    ) % {
        "ago": days,
        "count": len(foresight.contacts),
        "days": foresight.limits.budget_days,
        "limit": foresight.limits.budget,
    }


def _days_since(moment: datetime) -> int:
    return (timezone.localdate() - timezone.localtime(moment).date()).days
