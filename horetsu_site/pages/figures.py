"""ふりかえり: what became of the relationships, how sure we are, and what we refrained from."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.customers.models import Customer
from crm.figures.claims import findings
from crm.figures.letters import latest_letters
from crm.figures.periods import PERIODS, USUAL
from crm.figures.pictures import nps_chart, stages_chart, trend_chart
from crm.figures.report import Report, read
from crm.figures.selectors import figures_of
from crm.figures.sentences import headline
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.stages.enums import Balance
from crm.work.services import mark_shops
from surveys.selectors import surveys_by_kind


@require_safe
@member_may(Action.READ)
def figures(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The figures of a month, a quarter or a year."""
    days = _days_of(request.GET.get("days", ""))
    today = timezone.localdate()
    numbers = figures_of(shop, days=days, today=today)
    context = {"shop": shop, "section": "figures", "days": days, "periods": PERIODS, "today": today}
    if numbers:
        context |= _details(shop, read(numbers))
        context["letters"] = latest_letters(shop, today=today)
        context["surveys"] = surveys_by_kind(shop.pk)
    return render(request, "pages/figures.html", context)


@require_POST
@member_may(Action.WORK)
def count_now(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Have a large shop counted without waiting for the night."""
    mark_shops("figures", [shop.pk])
    messages.success(request, _("The figures are being counted. This may take a minute."))
    return redirect("figures", shop.slug)


def _details(shop: Shop, report: Report) -> dict[str, Any]:
    people = Customer.objects.filter(
        shop=shop, pk__in=[pk for group in report.people.values() for pk in group]
    ).select_related("relationship")
    by_pk = {person.pk: person for person in people}
    groups = [_("Promoters"), _("Passives"), _("Detractors")]
    scores = ["9–10", "7–8", "0–6"]
    return {
        "report": report,
        "headline": headline(report),
        "warmed": _named(report.people["warmed"], by_pk),
        "cooled": _named(report.people["cooled"], by_pk),
        "stages_chart": stages_chart(report),
        "nps_chart": nps_chart(report) if report.nps.is_readable else None,
        "trend_chart": trend_chart(report),
        "nps_groups": list(zip(groups, scores, report.nps_followed, strict=True)),
        "pairs": [(balance, report.pairs.lately[balance]) for balance in Balance],
        "pairs_followed": [(balance, report.pairs.followed[balance]) for balance in Balance],
        "compared": [(balance, report.compared.lately[balance]) for balance in Balance],
        "findings": findings(report.pairs) if report.pairs.has_followed else [],
        "is_as_of_last_night": report.until_on < timezone.localdate(),
    }


def _named(keys: Sequence[int], by_pk: dict[int, Customer]) -> list[Customer]:
    """Those who are still there, in the order found."""
    return [by_pk[pk] for pk in keys if pk in by_pk and not by_pk[pk].erased_at]


def _days_of(text: str) -> int:
    """The period an address asks for; the usual one for anything we do not offer."""
    return next((days for days in PERIODS if text == str(days)), USUAL)
