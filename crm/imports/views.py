"""Files on their way in: the list, sending one, looking at it, and saying go."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.imports import screen, uploads
from crm.imports.counts import Counts
from crm.imports.downloads import error_file, sample_file
from crm.imports.enums import BEFOREHAND, GOING, FileKind, Format, RunState
from crm.imports.errors import FileRefusedError
from crm.imports.forecast import Forecast
from crm.imports.forms import ColumnsForm, UploadForm
from crm.imports.guessing import first_reading, propose
from crm.imports.models import ImportRun
from crm.imports.selectors import runs_of, same_file_before, twin_underway
from crm.imports.tables import Header
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.notices import say
from crm.shops.paging import page_by_key
from crm.work.selectors import parked, waiting

LONGEST_BODY = uploads.MOST_BYTES + 64 * 1024  # the file, and what a form says around it


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a body as long as a file through (horetsu_site.middleware), and have it read only
    once the view knows who sends it: the check against forgery, which reads it, comes last."""
    view.longest_body = LONGEST_BODY  # type: ignore[attr-defined]
    return csrf_exempt(view)


@require_safe
@member_may(Action.READ)
def import_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Every file that was sent, with what became of it."""
    page = page_by_key(runs_of(shop.pk), after=request.GET.get("after"))
    rows = [(run, Counts.from_json(run.counts)) for run in page.rows]
    return _page(request, "import_list", shop, page=page, rows=rows)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.IMPORT)
@csrf_protect
def new(request: Any, shop: Shop) -> HttpResponse:
    """Send a file."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        file = form.cleaned_data["file"]
        try:
            run = uploads.upload(
                shop=shop,
                by=request.user,
                file=file,
                file_name=file.name,
                kind=FileKind(kind) if kind else None,
            )
        except FileRefusedError as refused:
            form.add_error("file", str(refused))
        else:
            if kind and kind != run.kind:
                say(request, _("By its columns, this is a file of another kind; see below."))
            return redirect("import", shop.slug, run.pk)
    status = 422 if form.is_bound else 200
    return _page(request, "import_new", shop, form=form, most=uploads.MOST_BYTES, status=status)


@require_safe
@member_may(Action.READ)
def detail(request: HttpRequest, shop: Shop, run_id: int) -> HttpResponse:
    """One file: what it is, how far it has come, and what is to be decided."""
    run = _found(shop, run_id)
    counts = Counts.from_json(run.counts)
    context: dict[str, Any] = {
        "run": run,
        "counts": counts,
        "is_busy": run.state in (RunState.EXAMINING, *GOING),
        "is_stuck": parked(shop.pk).filter(kind="import", ref=run.pk).exists(),
        "left_out": screen.left_out(run, counts),
        "remarked": screen.remarked(run, counts),
        "sums": screen.sums(counts),
    }
    if run.state in BEFOREHAND:
        is_settled = run.state != RunState.UPLOADED
        context["sample"] = screen.sample_of(run, is_settled=is_settled)
    if run.state == RunState.UPLOADED:
        context |= _columns_context(request, run)
    if run.state == RunState.READY:
        context |= {
            "forecast": Forecast.from_json(run.forecast),
            "columns": screen.columns_read(run),
            "before": same_file_before(run),
            "twin": twin_underway(run),
        }
    if run.state == RunState.DONE:
        context["reviews"] = waiting("review", shop_id=shop.pk)
    return _page(request, "import", shop, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.IMPORT)
def columns(request: HttpRequest, shop: Shop, run_id: int) -> HttpResponse:
    """Say which column is which."""
    run = _found(shop, run_id)
    if run.state not in BEFOREHAND:
        return redirect("import", shop.slug, run.pk)
    if request.method == "POST" and request.POST.get("format") in Format.values:
        return _read_as_known(request, run)
    context = _columns_context(request, run)
    form = context["form"]
    if form.is_bound and form.is_valid():
        try:
            uploads.settle(run.pk, shop=shop, **form.settled())
        except FileRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("import", shop.slug, run.pk)
    context["sample"] = screen.sample_of(run, is_settled=False)
    status = 422 if form.is_bound else 200
    return _page(request, "import_columns", shop, run=run, status=status, **context)


@require_POST
@member_may(Action.IMPORT)
def begin(request: HttpRequest, shop: Shop, run_id: int) -> HttpResponse:
    """Go; or go on, where it is stuck."""
    run = _found(shop, run_id)
    try:
        uploads.begin(run.pk, shop=shop)
    except uploads.AlreadyUnderwayError as underway:
        messages.info(request, _("This very file is being taken in already; here it is."))
        return redirect("import", shop.slug, underway.run.pk)
    return redirect("import", shop.slug, run.pk)


@require_POST
@member_may(Action.IMPORT)
def give_up(request: HttpRequest, shop: Shop, run_id: int) -> HttpResponse:
    """Take in no more of it."""
    run = _found(shop, run_id)
    uploads.give_up(run.pk, shop=shop, now=timezone.now())
    return redirect("import", shop.slug, run.pk)


@require_safe
@member_may(Action.IMPORT)
def errors(request: HttpRequest, shop: Shop, run_id: int) -> HttpResponse:
    """The rows that were left out, for a spreadsheet."""
    run = _found(shop, run_id)
    return _csv(error_file(run), f"horetsu-import-{run.pk}.csv")


@require_safe
@member_may(Action.READ)
def sample(request: HttpRequest, shop: Shop) -> HttpResponse:
    """A file to fill in by hand."""
    asked = request.GET.get("kind")
    kind = FileKind(asked) if asked in FileKind.values else FileKind.ORDERS
    return _csv(sample_file(kind), f"horetsu-{kind}.csv")


def _read_as_known(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Go back to reading the file as the format it is known to be of."""
    known = first_reading(Header(run.header))
    if known and known.format == request.POST["format"]:
        uploads.settle(run.pk, shop=run.shop, kind=known.kind, format=known.format)
    return redirect("import", run.shop.slug, run.pk)


def _columns_context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    header = Header(run.header)
    asked = request.POST.get("kind") or request.GET.get("kind")
    kind = FileKind(asked if asked in FileKind.values else run.kind)
    is_as_read = kind == run.kind and run.mapping
    initial: dict[str, str] = dict(run.mapping) if is_as_read else propose(header, kind)
    initial["date_format"] = run.date_format
    if run.source not in Format.values:
        initial["source"] = run.source
    typed = request.POST if request.method == "POST" else None
    known = first_reading(header)
    return {
        "form": ColumnsForm(typed, header=header, kind=kind, initial=initial),
        "kind": kind,
        "kinds": FileKind,
        "known": known if known and known.format != Format.GENERIC else None,
    }


def _csv(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _found(shop: Shop, run_id: int) -> ImportRun:
    return get_object_or_404(runs_of(shop.pk), pk=run_id)


def _page(
    request: HttpRequest, name: str, shop: Shop, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"shop": shop, "section": "imports"}
    return render(request, f"crm/imports/{name}.html", context, status=status)
