"""The pictures on the page of figures, each with its numbers as a table."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.figures import charts
from crm.figures.charts import Chart, Series, Tone
from crm.figures.nps import Nps
from crm.figures.report import Report
from crm.stages.enums import Stage
from crm.stages.labels import STAGE_NAMES

_TONES = [Tone.STAGE_0, Tone.STAGE_1, Tone.STAGE_2, Tone.STAGE_3, Tone.STAGE_4]


def stages_chart(report: Report) -> Chart:
    """How many stand at each stage, month by month."""
    first, last = (sum(people) for _day, people in (report.months[0], report.months[-1]))
    return charts.stack(
        "stages",
        says=_("Customers by stage: %(first)s a year ago, %(last)s now.")
        % {"first": first, "last": last},
        labels=[
            date_format(day, "N" if day.month != 1 else "Y N") for day, _people in report.months
        ],
        series=[
            Series(STAGE_NAMES[stage], [people[stage] for _day, people in report.months], tone)
            for stage, tone in zip(Stage, _TONES, strict=True)
        ],
        axis=_("End of the month"),
    )


def nps_chart(report: Report) -> Chart:
    """The score on its line, with how sure it is."""
    return charts.band(
        "nps",
        says=_(
            "NPS %(score)s of %(n)s people; the true value lies between about %(low)s and %(high)s."
        )
        % _nps_words(report.nps),
        labels=["NPS"],
        series=_band([report.nps]),
    )


def trend_chart(report: Report) -> Chart | None:
    """The score over time; None where no month has enough answers to be read."""
    scores = [nps for _day, nps in report.nps_trend]
    if not any(nps.is_readable for nps in scores):
        return None
    return charts.band(
        "nps_trend",
        says=_("NPS of all answers in the 90 days up to the end of each month."),
        labels=[date_format(day, "N") for day, _nps in report.nps_trend],
        series=_band(scores),
        axis=_("End of the month"),
    )


def _band(scores: Sequence[Nps]) -> Series:
    shown = [nps if nps.is_readable else None for nps in scores]
    return Series(
        "NPS",
        [nps.rounded if nps else None for nps in shown],
        Tone.AI,
        low=[round(nps.interval.low) if nps else None for nps in shown],
        high=[round(nps.interval.high) if nps else None for nps in shown],
        words=[_cell(nps) for nps in scores],
    )


def _cell(nps: Nps) -> str:
    if not nps.is_readable:
        return _("Not yet readable (%(n)s answers)") % {"n": nps.n}
    return _("%(score)s (%(low)s to %(high)s), %(n)s answers") % _nps_words(nps)


def _nps_words(nps: Nps) -> dict[str, Any]:
    return {
        "score": f"{nps.rounded:+}",
        "low": f"{nps.interval.low:+.0f}",
        "high": f"{nps.interval.high:+.0f}",
        "n": nps.n,
    }
