from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
