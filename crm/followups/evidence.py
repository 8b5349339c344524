"""What a suggestion rests on, kept as plain values, and told as a sentence when it is read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.followups.play import Play
from crm.followups.situation import Situation
from crm.ledger.enums import Kind
from crm.stages.rules import Assessment

DEEDS: dict[str, Promise] = {
    Kind.REFERRAL: _("they introduced somebody to us"),
    Kind.SHARE: _("they spoke of us in public"),
    Kind.REVIEW: _("they wrote a review"),
    Kind.EVENT: _("they came to an event of ours"),
    Kind.IDEA: _("they sent us an idea or a picture"),
    Kind.COMMUNITY: _("they wrote in our community"),
}

Evidence = dict[str, str | int]


def evidence_of(play: Play, situation: Situation, assessment: Assessment) -> Evidence:
    """The days and numbers that this play's reason speaks of, where they are known."""
    about = play.about(situation)
    cooling = assessment.cooling
    known: dict[str, date | int | str | None] = {
        "on": about.on if about else None,
        "kind": about.kind if about else None,
        "since": assessment.stage_since,
        "settled": situation.settled_on,
        "cooled": cooling.since_on if cooling else situation.bought_on or assessment.stage_since,
        "bought": situation.bought_on,
        "delivered": situation.delivered_on,
        "orders": situation.orders,
        "acts": situation.acts,
        "passes": situation.passes,
        "nps": situation.nps,
    }
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in known.items()
        if value is not None and f"%({name})s" in _asked_for(play)
    }


def told(why: str | Promise, evidence: Mapping[str, Any], *, today: date) -> str:
    """The reason as a sentence, its days written as the reader's language writes them."""
    values = _Known({name: _in_words(name, value) for name, value in evidence.items()})
    if "on" in evidence:
        count = (today - date.fromisoformat(evidence["on"])).days
        values["days"] = ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
    if "kind" in evidence:
        values["deed"] = str(DEEDS.get(evidence["kind"], ""))
    return str(why) % values


class _Known(dict[str, str]):
    """A reason reworded since may speak of what was not noted then."""

    def __missing__(self, name: str) -> str:
        return "…"


def _asked_for(play: Play) -> str:
    """The placeholders of a play's reason; a deed and its days are told from kind and day."""
    reason = str(play.why)
    return reason + "%(kind)s" * ("%(deed)s" in reason) + "%(on)s" * ("%(days)s" in reason)


def _in_words(name: str, value: Any) -> str:
    is_day = name not in {"orders", "acts", "passes", "nps", "kind"}
    return date_format(date.fromisoformat(value), "MONTH_DAY_FORMAT") if is_day else str(value)
