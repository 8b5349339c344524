"""What a page of figures says before it shows any."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.figures.report import Report


def headline(report: Report) -> str:
    """The sentence the page opens with."""
    if report.is_empty:
        return _("From here on, the shop's steps gather on this page.")
    if not report.warmed:
        return {
            30: _("This month was a time of quiet company"),
            90: _("These three months were a time of quiet company"),
            365: _("This year was a time of quiet company"),
        }[report.days]
    words = {
        30: ngettext(
            "In this month, the relationship with %(count)s person has grown warmer",
            "In this month, the relationship with %(count)s people has grown warmer",
            report.warmed,
        ),
        90: ngettext(
            "In these three months, the relationship with %(count)s person has grown warmer",
            "In these three months, the relationship with %(count)s people has grown warmer",
            report.warmed,
        ),
        365: ngettext(
            "In this year, the relationship with %(count)s person has grown warmer",
            "In this year, the relationship with %(count)s people has grown warmer",
            report.warmed,
        ),
    }[report.days]
    return words % {"count": report.warmed}
