"""What staff write down by hand about a customer: a choice, then a short form; and taking back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.complaints.services import rebuild
from crm.customers.forms import NoteForm
from crm.customers.models import Customer, Note
from crm.customers.notes import remove_note, write_note
from crm.customers.selectors import present_customers
from crm.ledger.entries import BY_KEY
from crm.ledger.enums import Kind, Standing
from crm.ledger.forms import EntryForm, ReferralForm
from crm.ledger.models import Touchpoint
from crm.ledger.services import mark_personal, record_touchpoint, restore, withdraw
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.notices import say

CHANGES = {
    "personal": lambda fact: mark_personal(touchpoint=fact, is_personal=True),
    "ordinary": lambda fact: mark_personal(touchpoint=fact, is_personal=False),
    "withdraw": lambda fact: withdraw(touchpoint=fact),
    "restore": lambda fact: restore(touchpoint=fact),
}
UNDOES = {
    "personal": "ordinary",
    "ordinary": "personal",
    "withdraw": "restore",
    "restore": "withdraw",
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.WORK)
def entry(request: Any, shop: Shop, customer_id: int, entry: str) -> HttpResponse:
    """The short form of one thing a customer said or did, and keeping what it says."""
    if entry not in BY_KEY:
        raise Http404
    customer = get_object_or_404(present_customers(shop.pk), pk=customer_id)
    words = request.GET.get("q", "")
    options: dict[str, Any] = {"entry": BY_KEY[entry], "now": timezone.now()}
    if "other" in BY_KEY[entry].asks:
        form: EntryForm = ReferralForm(request.POST or None, of=customer, searched=words, **options)
    else:
        form = EntryForm(request.POST or None, **options)
    if form.is_valid():
        return _keep(request, shop, customer, form)
    context = {
        "shop": shop,
        "section": "customers",
        "customer": customer,
        "entry": BY_KEY[entry],
        "form": form,
        "words": words,
    }
    return render(request, "pages/entry.html", context, status=422 if form.is_bound else 200)


def _keep(request: Any, shop: Shop, customer: Customer, form: EntryForm) -> HttpResponse:
    fact = record_touchpoint(
        customer=customer,
        source=form.source(request.user),
        **form.facts(),
    )
    if fact.standing == Standing.WITHDRAWN:  # the same form, sent once more after taking back
        restore(touchpoint=fact)
    if form.cleaned_data.get("is_personal") and fact.may_be_personal:
        mark_personal(touchpoint=fact, is_personal=True)
    say(
        request,
        _("“%(entry)s” is written down.") % {"entry": form.entry.title},
        undo=reverse("fact_change", args=[shop.slug, customer.pk, fact.pk, "withdraw"]),
    )
    cases = rebuild(customer=customer, now=timezone.now()) if _may_open_case(fact) else []
    for case in cases:
        if case.thread == fact.source:
            return redirect("complaint", shop.slug, case.pk)
    return redirect("customer", shop.slug, customer.pk)


def _may_open_case(fact: Touchpoint) -> bool:
    return fact.kind in {Kind.COMPLAINT, Kind.REVIEW}


@require_POST
@member_may(Action.WORK)
def fact_change(
    request: HttpRequest, shop: Shop, customer_id: int, fact_id: int, change: str
) -> HttpResponse:
    """Take a fact back or let it be there again; count it as a personal letter or not."""
    if change not in CHANGES:
        raise Http404
    fact = get_object_or_404(Touchpoint, shop=shop, customer_id=customer_id, pk=fact_id)
    try:
        CHANGES[change](fact)
    except ValueError as error:  # not one that staff may change so; no page of ours offers it
        raise Http404 from error
    if _may_open_case(fact):
        rebuild(customer=fact.customer, now=timezone.now())
    words = {
        "personal": _("It counts as a personal letter."),
        "ordinary": _("It is shown, but does not count."),
        "withdraw": _("It is taken back."),
        "restore": _("It is there again."),
    }
    undo = reverse("fact_change", args=[shop.slug, customer_id, fact.pk, UNDOES[change]])
    say(request, words[change], undo=undo)
    return redirect("customer", shop.slug, customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.WORK)
def note(request: Any, shop: Shop, customer_id: int) -> HttpResponse:
    """A note about a customer, for colleagues."""
    customer = get_object_or_404(present_customers(shop.pk), pk=customer_id)
    form = NoteForm(request.POST or None, now=timezone.now())
    if form.is_valid():
        kept = write_note(
            customer=customer,
            source=form.source(request.user),
            at=form.cleaned_data["at"],
            author=request.user,
            text=form.cleaned_data["text"],
        )
        undo = reverse("note_remove", args=[shop.slug, customer.pk, kept.pk])
        say(request, _("The note is written down."), undo=undo)
        return redirect("customer", shop.slug, customer.pk)
    context = {"shop": shop, "section": "customers", "customer": customer, "form": form}
    return render(request, "pages/note.html", context, status=422 if form.is_bound else 200)


@require_POST
@member_may(Action.WORK)
def note_remove(request: HttpRequest, shop: Shop, customer_id: int, note_id: int) -> HttpResponse:
    """Take a note away for good; the case that a response belonged to follows."""
    note = get_object_or_404(Note, shop=shop, customer_id=customer_id, pk=note_id)
    remove_note(note=note)
    if note.thread:
        rebuild(customer=note.customer, now=timezone.now())
    say(request, _("The note is gone."))
    return redirect("customer", shop.slug, customer_id)
