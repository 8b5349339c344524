"""What staff see of their surveys: how one is set up, and what it does while it runs."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.guard.selectors import limits_of
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.notices import say
from crm.shops.paging import page_by_key
from surveys import results
from surveys.desk_forms import TimingForm, WordsForm
from surveys.enums import SurveyKind
from surveys.models import Survey
from surveys.outlook import outlook
from surveys.selectors import surveys_by_kind
from surveys.services import (
    can_undo_switching_off,
    prepare_survey,
    reword,
    set_timing,
    switch_survey,
    undo_switching_off,
)
from surveys.wording import WORDED, Item

NEWEST = 3  # answers on the page of a survey

_LANGUAGES = dict(settings.LANGUAGES)


@require_safe
@member_may(Action.READ)
def survey_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Both surveys, begun or not."""
    begun = surveys_by_kind(shop.pk)
    rows = [(kind, begun.get(kind.value)) for kind in SurveyKind]
    return page(request, "survey_list", shop, rows=rows)


@require_POST
@member_may(Action.SET_UP)
def prepare(request: Any, shop: Shop) -> HttpResponse:
    """Choose a survey: it gets our words and asks nobody yet."""
    kind = request.POST.get("kind")
    if kind not in SurveyKind.values:
        raise Http404
    survey = prepare_survey(shop=shop, kind=SurveyKind(kind))
    return redirect("survey", shop.slug, survey.pk)


@require_safe
@member_may(Action.READ)
def survey(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """A survey: before it runs, what it will do; afterwards, what it does and what came back."""
    found = survey_or_404(shop, survey_id)
    now = timezone.now()
    version = found.versions.latest("n")
    context: dict[str, Any] = {
        "survey": found,
        "wordings": [
            (occasion, [(code, version.item(occasion, code)) for code in _LANGUAGES])
            for occasion in WORDED[SurveyKind(found.kind)]
        ],
        "limits": limits_of(shop.pk),
        "outlook": outlook(found, shop, now=now),
    }
    if found.is_new:
        return page(request, "survey_new", shop, **context)
    newest = results.responses_to(found, shop, now=now).filter(is_suspected=False)
    is_nps = found.kind == SurveyKind.NPS
    if is_nps:
        context |= _recommending(found, now)
    else:
        context["felt"] = results.felt_of(found, shop, since=now - results.LATELY)
    return page(
        request,
        "survey",
        shop,
        **context,
        can_undo=can_undo_switching_off(found, now=now),
        tally=results.tally_of(found, since=now - results.LATELY),
        suspected=results.suspected_count(found),
        newest=page_by_key(newest, after=None, size=NEWEST).rows,
    )


def _recommending(survey: Survey, now: datetime) -> dict[str, Any]:
    nps = results.nps_of(survey, since=now - results.A_YEAR)
    points = (nps.rounded or 0, *nps.interval)
    return {"nps": nps, "points": [results.signed(each) for each in points]}


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.SET_UP)
def timing(request: Any, shop: Shop, survey_id: int) -> HttpResponse:
    """When the survey asks."""
    found = survey_or_404(shop, survey_id)
    form = TimingForm(request.POST if request.method == "POST" else None, survey=found)
    if form.is_valid():
        set_timing(survey=found, **form.cleaned_data)
        say(request, _("Saved. It holds for orders not yet asked about."))
        return redirect("survey", shop.slug, found.pk)
    return page(request, "timing", shop, _status(form), survey=found, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.SET_UP)
def words(request: Any, shop: Shop, survey_id: int, language: str) -> HttpResponse:
    """The shop's own words in one language; what was asked before keeps its own."""
    if language not in _LANGUAGES:
        raise Http404
    found = survey_or_404(shop, survey_id)
    kind = SurveyKind(found.kind)
    version = found.versions.latest("n")
    items: dict[Any, Item] = {each: version.item(each, language) for each in WORDED[kind]}
    form = WordsForm(request.POST if request.method == "POST" else None, kind=kind, items=items)
    if form.is_valid():
        reword(survey=found, language=language, own=form.own, sender=form.cleaned_data["sender"])
        say(request, _("Saved. Whoever is asked from now on reads these words."))
        return redirect("survey", shop.slug, found.pk)
    return page(
        request, "words", shop, _status(form),
        survey=found, form=form, language=language, languages=_LANGUAGES,
    )  # fmt: skip


@require_POST
@member_may(Action.SET_UP)
def switch(request: Any, shop: Shop, survey_id: int) -> HttpResponse:
    """Switch a survey on or off, as the button says."""
    found = survey_or_404(shop, survey_id)
    is_on = request.POST.get("to") == "on"
    called_off = switch_survey(survey=found, is_on=is_on, at=timezone.now())
    if is_on:
        say(request, _("Orders placed from now on will be asked about."))
    else:
        said = ngettext(
            "Nobody is asked any more. %(count)s invitation that waited was called off.",
            "Nobody is asked any more. %(count)s invitations that waited were called off.",
            called_off,
        ) % {"count": called_off}
        said = said if called_off else _("Nobody is asked any more.")
        say(request, said, undo=reverse("survey_undo", args=[shop.slug, found.pk]))
    return redirect("survey", shop.slug, found.pk)


@require_POST
@member_may(Action.SET_UP)
def undo(request: Any, shop: Shop, survey_id: int) -> HttpResponse:
    """Go on as if the survey had not been switched off."""
    found = survey_or_404(shop, survey_id)
    if undo_switching_off(survey=found, now=timezone.now()):
        say(request, _("It is as before. What was called off waits again."))
    else:
        say(request, _("It cannot be undone any more; you can switch it on from now."))
    return redirect("survey", shop.slug, found.pk)


def survey_or_404(shop: Shop, survey_id: int) -> Survey:
    return get_object_or_404(Survey, shop=shop, pk=survey_id)


def page(
    request: HttpRequest, name: str, shop: Shop, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the surveys' room."""
    context |= {"shop": shop, "section": "surveys"}
    return render(request, f"surveys/{name}.html", context, status=status)


def _status(form: Any) -> int:
    return 422 if form.errors else 200
