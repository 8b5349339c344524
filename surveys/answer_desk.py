"""The answers to a survey, as staff read them, decide about them and take them along."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.shops import audit
from crm.shops.access import member_may
from crm.shops.csv_files import csv_lines
from crm.shops.enums import Act, Action
from crm.shops.models import Shop
from crm.shops.paging import page_by_key
from crm.stages.enums import Balance
from crm.stages.labels import BALANCES
from crm.tenancy.door import tenant
from surveys.answering import judge_response
from surveys.desk import page, survey_or_404
from surveys.enums import Show, SurveyKind
from surveys.models import Response, Survey
from surveys.results import responses_to

BATCH = 500  # answers read at once for a file


@require_safe
@member_may(Action.READ)
def responses(request: HttpRequest, shop: Shop, survey_id: int) -> HttpResponse:
    """The answers, newest first, all of them or those of a kind."""
    survey = survey_or_404(shop, survey_id)
    show = _shown(request)
    found = responses_to(survey, shop, show=show, now=timezone.now())
    return page(
        request,
        "responses",
        shop,
        survey=survey,
        show=show,
        shows=[(each, show_label(each, survey)) for each in Show],
        page=page_by_key(found, after=request.GET.get("after")),
    )


@require_POST
@member_may(Action.EXPORT)
def export(request: Any, shop: Shop, survey_id: int) -> StreamingHttpResponse:
    """All answers as a file, those left out too, marked as such; written as it is read."""
    survey = survey_or_404(shop, survey_id)
    audit.record(Act.LIST_EXPORTED, shop=shop, by=request.user, about=f"survey:{survey.pk}")
    language = translation.get_language()
    response = StreamingHttpResponse(
        _lines(survey, shop, language), content_type="text/csv; charset=utf-8"
    )
    name = f"{survey.kind}-{timezone.localdate():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@member_may(Action.WORK)
def judge(request: Any, shop: Shop, survey_id: int, response_id: int) -> HttpResponse:
    """Let an answer count or not, as the button says; back to where it was pressed."""
    response: Response = get_object_or_404(
        Response.objects.select_related("touchpoint"),
        shop=shop,
        survey_id=survey_id,
        pk=response_id,
    )
    judge_response(
        response=response,
        does_count=request.POST.get("counts") == "yes",
        user=request.user,
        at=timezone.now(),
    )
    back = redirect("survey_responses", shop.slug, survey_id)
    back["Location"] += f"?show={_shown(request)}#answer-{response.pk}"
    return back


def show_label(show: Show, survey: Survey) -> str:
    """What a list of these answers is called; likelihoods to introduce have no balance."""
    if survey.kind == SurveyKind.NPS and show is Show.DELIGHTED:
        return _("9 and 10")
    if survey.kind == SurveyKind.NPS and show is Show.DISSATISFIED:
        return _("0 to 6")
    return str(show.label)


def _shown(request: Any) -> Show:
    wanted = request.POST.get("show") or request.GET.get("show")
    return Show(wanted) if wanted in Show.values else Show.ALL


def _lines(survey: Survey, shop: Shop, language: str) -> Iterator[str]:
    """The lines of the file. They are read after the page's own transaction, so this opens the
    door again, in the reader's language and the shop's zone."""
    with translation.override(language):
        head = [
            _("answered at"), _("customer"), _("order number"), _("asked"), _("question"),
            _("answer"), _("in words"), _("expected"), _("against expectation"), _("words"),
            _("counts"), _("corrected at"),
        ]  # fmt: skip
    lines = csv_lines(head, _rows(survey, shop, language))
    while chunk := "".join(islice(lines, BATCH)):
        yield chunk


def _rows(survey: Survey, shop: Shop, language: str) -> Iterator[list[object]]:
    after: str | None = None
    while True:
        with tenant(shop), translation.override(language), timezone.override(shop.zone):
            found = responses_to(survey, shop, now=timezone.now())
            batch = page_by_key(found, after=after, newest_first=False, size=BATCH)
            rows = [_row(response, language) for response in batch.rows]
        yield from rows
        if batch.next_after is None:
            return
        after = str(batch.next_after)


def _row(response: Any, language: str) -> list[object]:
    invitation = response.invitation
    item = invitation.version.item(invitation.occasion, language)
    customer = invitation.customer
    return [
        _moment(response.answered_at),
        "" if customer.erased_at else customer.name,
        invitation.purchase.external_id if invitation.purchase else "",
        invitation.get_occasion_display(),
        item.question,
        response.score,
        item.answers[response.score],
        None if response.expected is None else int(response.expected),
        BALANCES[Balance(response.balance)] if response.balance else "",
        response.words,
        _("no") if response.is_suspected else _("yes"),
        _moment(response.changed_at) if response.changed_at else "",
    ]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
