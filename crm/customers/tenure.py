from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_DAYS_OF_A_MONTH = 365.25 / 12


def tenure_in_words(first_on: date, last_on: date) -> str:
    """在籍期間, from the first purchase to the last, such as 1年4か月; in days below a month."""
    months = 12 * (last_on.year - first_on.year) + last_on.month - first_on.month
    months -= last_on.day < first_on.day
    years, months = divmod(months, 12)
    if not years and not months:
        days = (last_on - first_on).days
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    in_years = ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    in_months = ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    if not (years and months):
        return in_years if years else in_months
    return _("%(years)s %(months)s") % {"years": in_years, "months": in_months}


def rhythm_in_words(days: float) -> str:
    """How often somebody buys, such as 30日ごと, and from two months on 約5か月ごと."""
    if days < 60:
        whole = round(days)
        return ngettext("every day", "every %(count)s days", whole) % {"count": whole}
    if (months := round(days / _DAYS_OF_A_MONTH)) < 24:
        return _("about every %(count)s months") % {"count": months}
    return _("about every %(count)s years") % {"count": round(months / 12)}
