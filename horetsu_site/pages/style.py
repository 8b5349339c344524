"""The book of samples: every component in every state, with words as they really come."""

import math
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.figures import charts
from crm.figures.charts import Chart, Event, Series, Tone
from crm.shops.paging import Page
from crm.stages.enums import Balance, Stage
from crm.stages.labels import STAGE_NAMES
from horetsu_site.pages.local import local_only

STYLES = [
    f"components/{name}.css"
    for name in (
        "book", "card", "chart", "dialog", "empty", "facts", "fold", "gap", "letter", "mark",
        "progress", "scale", "stat", "table", "tabs", "task", "timeline",
    )
]  # fmt: skip

TODAY = date(2025, 11, 21)  # a day of the samples, so that they look the same every day

STAGES_BY_MONTH = {  # people at each stage at the end of twelve months
    Stage.OBSERVER: [92, 95, 98, 100, 103, 106, 108, 110, 112, 114, 116, 118],
    Stage.LANDING: [58, 62, 65, 68, 72, 77, 81, 85, 90, 95, 100, 104],
    Stage.EMPATHY: [17, 21, 26, 27, 30, 33, 37, 41, 45, 48, 51, 52],
    Stage.ENGAGEMENT: [4, 5, 5, 7, 8, 9, 10, 11, 12, 13, 15, 18],
    Stage.CIRCULATION: [1, 1, 1, 2, 3, 4, 4, 4, 4, 5, 6, 8],
}
MONTHS = [date(2024, 12, 1), *(date(2025, month, 1) for month in range(1, 12))]


class SampleForm(forms.Form):
    """A field of every kind."""

    shop = forms.CharField(label=gettext_lazy("shop name"))
    address = forms.EmailField(
        label=gettext_lazy("e-mail address"),
        help_text=gettext_lazy("Customers who answer a mail reach this address."),
    )
    days = forms.IntegerField(label=gettext_lazy("days after delivery"), min_value=1)
    weekday = forms.ChoiceField(
        label=gettext_lazy("day of dispatch"),
        choices=[("2", gettext_lazy("Tuesday and Friday")), ("4", gettext_lazy("Thursday"))],
        required=False,
    )
    day = forms.DateField(
        label=gettext_lazy("day of the letter"), widget=forms.DateInput({"type": "date"})
    )
    file = forms.FileField(
        label=gettext_lazy("file of orders"),
        help_text=gettext_lazy("A CSV file as your shop system writes it."),
    )
    note = forms.CharField(
        label=gettext_lazy("note"), widget=forms.Textarea({"rows": 3}), required=False
    )
    words = forms.CharField(
        label=gettext_lazy("a word from you"),
        widget=forms.Textarea({"class": "paper", "rows": 3}),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("how it came"),
        choices=[
            ("letter", gettext_lazy("Letter")),
            ("call", gettext_lazy("Telephone")),
            ("review", gettext_lazy("Review")),
        ],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("news of"),
        choices=[
            ("tea", gettext_lazy("The first tea of the year")),
            ("events", gettext_lazy("Gatherings at the shop")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    quiet = forms.BooleanField(label=gettext_lazy("leave this person in peace"), required=False)


@require_safe
@local_only
def style(request: HttpRequest) -> HttpResponse:
    """Everything a page can be made of."""
    filled = {
        "shop": _("Next Door Tea"),
        "address": "miura@otonari-chaho.example",
        "days": 7,
        "weekday": "2",
        "day": TODAY,
        "note": _("Prefers to be called in the morning."),
        "words": _("Thank you for always wrapping everything so carefully."),
        "how": "letter",
        "topics": ["tea"],
        "quiet": True,
    }
    return render(
        request,
        "pages/style.html",
        {
            "styles": STYLES,
            "stages": list(Stage),
            "balances": [balance.value for balance in Balance],
            "form": SampleForm(initial=filled, prefix="whole"),
            "returned": returned_form(),
            "beads": [True, True, False, False, False],
            "page": Page(rows=[], next_after=1),
            "today": TODAY,
            "charts": sample_charts(),
        },
    )


def returned_form() -> SampleForm:
    """The form as it comes back with mistakes, without the fields that a browser fills."""
    form = SampleForm({"back-address": "miura@otonari", "back-days": "0"}, prefix="back")
    for name in ("day", "file"):
        del form.fields[name]
    return form


def sample_charts() -> list[tuple[str, Chart]]:
    """A chart of every kind with its title."""
    months = [date_format(month, "M") for month in MONTHS]
    return [
        (_("Customers by stage"), _stages(months)),
        (_("Willing to recommend (NPS)"), _nps_now()),
        (_("Willing to recommend, quarter by quarter"), _nps_over_time()),
        (_("Answers that came back"), _answers(months)),
        (_("Expectation and evaluation by factor"), _factors()),
        (_("Warmth of one relationship"), _warmth()),
    ]


def _stages(months: list[str]) -> Chart:
    return charts.stack(
        "chart-stages",
        says=_("From 172 to 300 customers in a year; from Empathy on, from 22 to 78."),
        labels=months,
        series=[
            Series(STAGE_NAMES[stage], values, Tone(f"stage-{stage.value}"))
            for stage, values in STAGES_BY_MONTH.items()
        ],
        axis=_("Month"),
    )


def _nps_now() -> Chart:
    return charts.band(
        "chart-nps",
        says=_("NPS +24. The true value lies between about +11 and +36; 142 people."),
        labels=[_("The last year")],
        series=Series("NPS", [24], Tone.AI, low=[11], high=[36]),
    )


def _nps_over_time() -> Chart:
    return charts.band(
        "chart-nps-time",
        says=_("NPS rose from about +5 to +24 over six quarters; the intervals overlap."),
        labels=["24/7–9", "10–12", "25/1–3", "4–6", "7–9", "10–11"],
        series=Series(
            "NPS",
            [5, None, 12, 15, 21, 24],
            Tone.AI,
            low=[-14, None, -4, 1, 8, 11],
            high=[24, None, 27, 28, 33, 36],
        ),
        axis=_("Quarter"),
    )


def _answers(months: list[str]) -> Chart:
    return charts.lines(
        "chart-answers",
        says=_("Between 12 and 31 answers a month; words came with about half of them."),
        labels=months,
        series=[
            Series(_("Answers"), [12, 14, 15, 18, 17, 20, 22, 21, 25, 27, 28, 31], Tone.AI),
            Series(_("With words"), [5, 7, 8, 8, 9, 10, 12, 10, 13, 14, 13, 16], Tone.WARM),
        ],
        axis=_("Month"),
    )


def _factors() -> Chart:
    return charts.radar(
        "chart-factors",
        says=_("Quality and response went beyond what was expected; delivery fell below."),
        labels=[_("Quality"), _("Price"), _("The shop's response"), _("Delivery")],
        series=[
            Series(_("Expectation"), [7.2, 6.4, 6.1, 8.0], Tone.INK),
            Series(_("Evaluation"), [8.8, 6.3, 8.6, 6.2], Tone.WARM),
        ],
        axis=_("Factor"),
    )


def _warmth() -> Chart:
    """A year of warmth: each event lifts it, and half of it is gone after 120 days."""
    start = TODAY - timedelta(days=355)
    lifts: list[tuple[int, int, str, bool]] = [
        (48, 17, _("Roasted tea “Evening”"), False),
        (148, 18, _("New tea"), False),
        (163, 4, _("“The whole room smelled of new tea.”"), True),
        (252, 30, _("Roasted tea, teapot"), False),
        (339, 12, _("Roasted tea"), False),
        (352, 38, _("“It reminded me of my grandmother's kitchen.”"), True),
    ]

    rises = [(-30, 24), *((day, lift) for day, lift, _what, _is_words in lifts)]

    def at(day: int) -> float:
        return sum(
            lift * min((day - since) / 8, 1) * math.exp2(-(day - since) / 120)
            for since, lift in rises
            if day >= since
        )

    return charts.warmth(
        "chart-warmth",
        says=_("Rising little by little since spring, with a leap in August and in November."),
        curve=[(start + timedelta(days=day), round(at(day), 2)) for day in range(356)],
        events=[
            Event(start + timedelta(days=day), at(day), what, is_words)
            for day, _lift, what, is_words in lifts
        ],
    )
