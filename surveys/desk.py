"""What staff see of their surveys: what is asked, what came back, and what was left out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.paging import page_by_key
from surveys.enums import SurveyKind
from surveys.forms import WaitsForm
from surveys.models import Response, Survey
from surveys.selectors import responses_to, surveys_by_kind
from surveys.services import begin_survey, judge_response, set_waits, switch_survey


@require_safe
@member_may(Action.READ)
def survey_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Both surveys, begun or not."""
    begun = surveys_by_kind(shop.pk)
    rows = [(kind, begun.get(kind.value)) for kind in SurveyKind]
    return _page(request, "survey_list", shop, rows=rows)


@require_POST
@member_may(Action.SET_UP)
def begin(request: Any, shop: Shop) -> HttpResponse:
    """Begin a survey; the one there is, if it was begun already."""
    kind = request.POST.get("kind")
    if kind not in SurveyKind.values:
        raise Http404
    survey = begin_survey(shop=shop, kind=SurveyKind(kind), at=timezone.now())
    messages.success(request, _("Orders placed from now on will be asked about."))
    return redirect("survey", shop.slug, survey.pk)


@require_safe
@member_may(Action.READ)
def survey(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """What a survey asks and when, and the answers, newest first."""
    found = get_object_or_404(Survey, shop=shop, pk=survey_id)
    return _survey_page(request, shop, found, WaitsForm(initial=_waits_of(found)))


@require_POST
@member_may(Action.SET_UP)
def change_waits(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """How long the survey waits before it asks."""
    found = get_object_or_404(Survey, shop=shop, pk=survey_id)
    form = WaitsForm(request.POST)
    if not form.is_valid():
        return _survey_page(request, shop, found, form)
    set_waits(survey=found, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("survey", shop.slug, found.pk)


@require_POST
@member_may(Action.SET_UP)
def switch(request: Any, shop: Shop, survey_id: int) -> HttpResponse:
    """Switch a survey on or off, as the button says."""
    found = get_object_or_404(Survey, shop=shop, pk=survey_id)
    switch_survey(survey=found, is_on=request.POST.get("to") == "on", at=timezone.now())
    return redirect("survey", shop.slug, found.pk)


@require_POST
@member_may(Action.WORK)
def judge(request: Any, shop: Shop, survey_id: int, response_id: int) -> HttpResponse:
    """Let an answer count or not, as the button says."""
    response: Response = get_object_or_404(
        Response.objects.select_related("touchpoint"),
        shop=shop,
        invitation__survey_id=survey_id,
        pk=response_id,
    )
    judge_response(
        response=response,
        does_count=request.POST.get("counts") == "yes",
        user=request.user,
        at=timezone.now(),
    )
    return redirect("survey", shop.slug, survey_id)


def _survey_page(request: HttpRequest, shop: Shop, survey: Survey, form: WaitsForm) -> HttpResponse:
    only_suspected = request.GET.get("show") == "suspected"
    responses = responses_to(survey, only_suspected=only_suspected)
    version = survey.versions.latest("n")
    language = get_language()
    return _page(
        request,
        "survey",
        shop,
        status=422 if form.errors else 200,
        survey=survey,
        items=[(occasion, version.item(occasion, language)) for occasion in survey.occasions],
        form=form,
        only_suspected=only_suspected,
        page=page_by_key(responses, after=request.GET.get("after")),
    )


def _waits_of(survey: Survey) -> dict[str, int]:
    return {
        "days_after_delivery": survey.days_after_delivery,
        "days_after_order": survey.days_after_order,
    }


def _page(
    request: HttpRequest, name: str, shop: Shop, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"shop": shop, "section": "surveys"}
    return render(request, f"surveys/{name}.html", context, status=status)
