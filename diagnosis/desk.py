"""What the shop that runs the quiz sees of its takers. No answer here has a name beside it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.shops import audit
from crm.shops.access import member_may
from crm.shops.csv_files import csv_response
from crm.shops.enums import Act, Action
from crm.shops.models import Shop
from crm.shops.paging import page_by_key
from crm.stages.enums import Stage
from crm.stages.labels import STAGE_NAMES
from diagnosis import services
from diagnosis.models import Quiz
from diagnosis.takers import finished_attempts, leads_of, overview


@require_safe
@member_may(Action.READ)
def takers(request: HttpRequest, shop: Shop) -> HttpResponse:
    """How many took the quiz, where they stopped, what they answered, and who wrote an address."""
    quiz = Quiz.objects.filter(shop=shop).order_by("pk").first()
    context = {
        "shop": shop,
        "section": "diagnosis",
        "quiz": quiz,
        "address": settings.BASE_URL + reverse("quiz", args=[quiz.slug if quiz else shop.slug]),
        "overview": overview(quiz) if quiz else None,
        "leads": page_by_key(leads_of(shop.pk), after=request.GET.get("after")),
    }
    return render(request, "diagnosis/takers.html", context)


@require_POST
@member_may(Action.SET_UP)
def open_or_close(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Let the quiz be taken at the shop's address, or no longer."""
    quiz = Quiz.objects.filter(shop=shop).order_by("pk").first()
    if request.POST.get("to") == "closed" and quiz is not None:
        services.close_quiz(quiz)
        messages.success(request, _("Nobody can begin the quiz any more. Results stay."))
        return redirect("diagnosis", shop.slug)
    try:
        services.open_quiz(shop=shop, slug=quiz.slug if quiz else shop.slug)
    except services.SlugTaken:
        messages.error(request, _("Another shop runs a quiz at this address."))
    else:
        messages.success(request, _("The quiz is open to everybody."))
    return redirect("diagnosis", shop.slug)


@require_POST
@member_may(Action.EXPORT)
def leads_csv(request: Any, shop: Shop) -> HttpResponse:
    """Who asked for their result by mail."""
    rows = [
        (
            timezone.localtime(lead.at).isoformat(timespec="minutes"),
            lead.customer.email,
            STAGE_NAMES[Stage(lead.attempt.stage or 0)],
            _("yes") if lead.confirmed_at else _("no"),
        )
        for lead in leads_of(shop.pk).order_by("-pk")
    ]
    audit.record(Act.LIST_EXPORTED, shop=shop, by=request.user, about="leads", rows=len(rows))
    head = [_("day"), _("e-mail address"), _("stage"), _("may be written to")]
    return csv_response("leads.csv", head, rows)


@require_safe
@member_may(Action.READ)
def takers_csv(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Every finished answer sheet, one line each, without anything that says whose it is."""
    attempts = list(finished_attempts(shop.pk))
    questions = list(dict.fromkeys(each for a in attempts for each in a.answers))
    rows = [
        (
            timezone.localtime(attempt.finished_at).date().isoformat(),
            attempt.version.n,
            attempt.stage,
            *("; ".join(attempt.answers.get(each, [])) for each in questions),
        )
        for attempt in attempts
    ]
    return csv_response("takers.csv", [_("day"), _("version"), _("stage"), *questions], rows)
