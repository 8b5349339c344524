"""お申し出: the list of cases, and the page on which one is seen to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.complaints import services
from crm.complaints.enums import Theme
from crm.complaints.forms import AssignForm, ListForm, MoveForm, RecoveryForm, ResponseForm
from crm.complaints.models import Complaint
from crm.complaints.selectors import (
    closed_page,
    complaints_of,
    facts_of,
    notes_of,
    open_page,
    opening_facts,
)
from crm.followups.enums import Call
from crm.followups.selectors import open_suggestions
from crm.ledger.enums import Kind
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.notices import say


@require_safe
@member_may(Action.READ)
def complaint_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The cases, what is due first at the beginning; settled ones behind their tab."""
    form = ListForm(request.GET, shop=shop)
    form.full_clean()
    is_closed = request.GET.get("state") == "closed"
    page = (closed_page if is_closed else open_page)(
        shop.pk,
        theme=Theme(theme) if (theme := form.cleaned_data.get("theme")) else None,
        owner=form.cleaned_data.get("owner"),
        after=request.GET.get("after"),
    )
    facts = opening_facts(page.rows)
    context = {
        "shop": shop,
        "section": "complaints",
        "form": form,
        "is_closed": is_closed,
        "is_narrowed": any(form.cleaned_data.values()),
        "now": timezone.now(),
        "cases": [(case, facts.get(case.pk)) for case in page.rows],
        "page": page,
    }
    return render(request, "pages/complaints/list.html", context)


@require_safe
@member_may(Action.READ)
def complaint(request: HttpRequest, shop: Shop, complaint_id: int) -> HttpResponse:
    """One case: what was told us, what we did, and what is still to do."""
    case = get_object_or_404(complaints_of(shop.pk), pk=complaint_id)
    return render(request, "pages/complaints/case.html", _context(shop, case))


@require_POST
@member_may(Action.WORK)
def assign(request: HttpRequest, shop: Shop, complaint_id: int) -> HttpResponse:
    """Say what it is about, who looks after it and until when."""

    def keep(case: Complaint, form: Any) -> str:
        services.assign(complaint=case, **form.cleaned_data)
        return _("It is written down.")

    return _do(request, shop, complaint_id, AssignForm, keep, {"shop": shop})


@require_POST
@member_may(Action.WORK)
def respond(request: Any, shop: Shop, complaint_id: int) -> HttpResponse:
    """Keep what we answered or did."""

    def keep(case: Complaint, form: Any) -> str:
        services.respond(
            complaint=case,
            source=form.source(request.user),
            at=form.cleaned_data["at"],
            by=request.user,
            text=form.cleaned_data["text"],
        )
        return _("Our answer is written down.")

    return _do(request, shop, complaint_id, ResponseForm, keep, {"now": timezone.now()})


@require_POST
@member_may(Action.WORK)
def move(request: Any, shop: Shop, complaint_id: int, to: str) -> HttpResponse:
    """Settle a case, or take it up again."""
    act, said = {
        "close": (services.close, _("It is settled. How our answer was felt can be kept here.")),
        "reopen": (services.reopen, _("It is taken up again.")),
    }[to]

    def keep(case: Complaint, form: Any) -> str:
        act(
            complaint=case,
            source=form.source(request.user),
            at=form.cleaned_data["at"],
            text=form.cleaned_data["text"],
        )
        return said

    return _do(request, shop, complaint_id, MoveForm, keep, {"now": timezone.now()})


@require_POST
@member_may(Action.WORK)
def recovery(request: Any, shop: Shop, complaint_id: int) -> HttpResponse:
    """Keep how our response was felt (対応後のご感想)."""

    def keep(case: Complaint, form: Any) -> str:
        services.record_recovery(
            complaint=case,
            felt=form.cleaned_data["felt"],
            source=form.source(request.user),
            at=form.cleaned_data["at"],
            text=form.cleaned_data["text"],
        )
        return _("It is written down.")

    return _do(request, shop, complaint_id, RecoveryForm, keep, {"now": timezone.now()})


def _do(
    request: HttpRequest,
    shop: Shop,
    complaint_id: int,
    form_class: type[forms.Form],
    keep: Callable[[Complaint, Any], str],
    options: dict[str, Any],
) -> HttpResponse:
    """What every form of a case's page does: back to the page, or to what needs mending."""
    case = get_object_or_404(complaints_of(shop.pk), pk=complaint_id)
    form = form_class(request.POST, **options)
    if not form.is_valid():
        context = _context(shop, case, mended=form)
        return render(request, "pages/complaints/case.html", context, status=422)
    say(request, keep(case, form))
    return redirect("complaint", shop.slug, case.pk)


def _context(shop: Shop, case: Complaint, *, mended: forms.Form | None = None) -> dict[str, Any]:
    """What the page shows; `mended` is the form that came back with mistakes."""
    now = timezone.now()
    facts = list(facts_of(case))
    filled = {"theme": case.theme, "owner": case.owner, "due_at": case.due_at}
    forms_here: dict[str, forms.Form] = {
        "assign": AssignForm(shop=shop, initial=filled),
        "respond": ResponseForm(now=now),
        "move": MoveForm(now=now),
        "recovery": RecoveryForm(now=now),
    }
    for name, form in forms_here.items():
        if type(form) is type(mended):
            forms_here[name] = mended
        forms_here[name].auto_id = f"{name}_%s"  # several forms of like fields on one page
    history = sorted(
        [*((fact.at, "fact", fact) for fact in facts[1:]),
         *((note.at, "note", note) for note in notes_of(case))],
        key=lambda each: (each[0], each[2].pk),
    )  # fmt: skip
    letter = open_suggestions(shop.pk).filter(customer=case.customer, rank=Call.SOLVE)
    return {
        "shop": shop,
        "section": "complaints",
        "case": case,
        "letter": letter.first() if case.is_open else None,
        "customer": case.customer,
        "now": now,
        "told": facts[0] if facts else None,
        "history": [(kind, row) for _at, kind, row in history],
        "recoveries": [fact for fact in facts if fact.kind == Kind.RECOVERY],
        "mended": mended,
        **forms_here,
    }
