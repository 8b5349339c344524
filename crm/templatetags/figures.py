"""Figures as people read them."""

from itertools import accumulate

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.figures.claims import Claim, Finding, Verdict

register = template.Library()

_FINDINGS = {
    (Claim.DELIGHT_PASSES_ON, Verdict.HOLDS): gettext_lazy(
        "That delight is passed on holds in this shop's own figures."
    ),
    (Claim.DELIGHT_PASSES_ON, Verdict.OPEN): gettext_lazy(
        "Whether delight is passed on cannot be told from this shop's figures yet."
    ),
    (Claim.DELIGHT_PASSES_ON, Verdict.CONTRARY): gettext_lazy(
        "In this shop, those who were delighted pass it on less often than the others."
    ),
    (Claim.SHORTFALL_COMPLAINS, Verdict.HOLDS): gettext_lazy(
        "What falls short is complained about more often."
    ),
    (Claim.SHORTFALL_COMPLAINS, Verdict.OPEN): gettext_lazy(
        "Whether what falls short is complained about more often, we cannot tell yet."
    ),
    (Claim.SHORTFALL_COMPLAINS, Verdict.CONTRARY): gettext_lazy(
        "In this shop, what falls short is complained about less often."
    ),
}


@register.filter
def points(value: float) -> str:
    """A score or a change with its sign, in whole numbers: +24, 0, −12."""
    whole = int(abs(value) + 0.5)  # halves away from zero
    return f"{'+' if value > 0 else '−'}{whole:,}" if whole else "0"


@register.filter
def finding_words(finding: Finding) -> str:
    return str(_FINDINGS[finding.claim, finding.verdict])


@register.filter
def period_words(days: int) -> str:
    """How one calls the last so many days."""
    return {30: _("One month"), 90: _("Three months"), 365: _("One year")}[days]


@register.filter
def laid_out(counts: list[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Each with how many came before it, for a bar from left to right."""
    before = list(accumulate((count for _name, count in counts), initial=0))
    return [(name, count, start) for (name, count), start in zip(counts, before, strict=False)]
