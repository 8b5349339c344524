"""The list of suggestions, the desk at which a letter is finished, and how one is settled."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.customers.models import Customer
from crm.followups import settling
from crm.followups.answering import acknowledge, take_back
from crm.followups.enums import Dismissal, SuggestionState
from crm.followups.forms import ByHandForm, DismissForm, LetterForm
from crm.followups.letters import letter_of, stage_of
from crm.followups.models import Acknowledgement, Suggestion
from crm.followups.selectors import listed, said_by, suggestions_of
from crm.guard.selectors import foresee, hash_of
from crm.ledger.enums import OURS
from crm.ledger.models import Touchpoint
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.notices import say
from crm.shops.paging import key_of, page_by_key

LETTERS_SHOWN = 3


@require_safe
@member_may(Action.READ)
def suggestion_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Every suggestion with what became of it; those of one state, or the open ones."""
    asked = request.GET.get("state", "")
    rows = listed(shop.pk, asked)
    context = {
        "shop": shop,
        "section": "today",
        "state": asked,
        "states": SuggestionState,
        "page": page_by_key(rows, after=request.GET.get("after")),
    }
    return render(request, "crm/followups/suggestion_list.html", context)


@require_safe
@member_may(Action.READ)
def suggestion(request: HttpRequest, shop: Shop, suggestion_id: int) -> HttpResponse:
    """The desk: what the customer said, beside it the letter, and what the guard would answer."""
    return _desk(request, shop, _found(shop, suggestion_id))


@require_POST
@member_may(Action.WORK)
def save(request: HttpRequest, shop: Shop, suggestion_id: int) -> HttpResponse:
    """Keep the draft, and show what the guard says of it."""
    found = _found(shop, suggestion_id)
    form = LetterForm(request.POST)
    if form.is_valid():
        try:
            settling.save_draft(
                suggestion_id=found.pk,
                shop=shop,
                letter=form.letter,
                revision=form.cleaned_data["revision"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            say(request, _("The draft is kept."))
            return _again(request, found)
    return _desk(request, shop, _found(shop, suggestion_id), form, status=422)


@require_POST
@member_may(Action.WORK)
def approve(request: Any, shop: Shop, suggestion_id: int) -> HttpResponse:
    """Have the letter sent; what the guard forbids stays here, with the reason."""
    found = _found(shop, suggestion_id)
    form = LetterForm(request.POST)
    if form.is_valid():
        try:
            approval = settling.approve(
                suggestion_id=found.pk,
                shop=shop,
                by=request.user,
                letter=form.letter,
                revision=form.cleaned_data["revision"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("personal" if error.code == "personal" else None, error)
        else:
            return _approved(request, shop, found, approval)
    return _desk(request, shop, _found(shop, suggestion_id), form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.WORK)
def dismiss(request: Any, shop: Shop, suggestion_id: int) -> HttpResponse:
    """Set a suggestion aside, with the reason."""
    found = _found(shop, suggestion_id)
    form = DismissForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _settled(
            request,
            found,
            _("Set aside."),
            lambda: settling.dismiss(
                suggestion_id=found.pk,
                shop=shop,
                by=request.user,
                reason=Dismissal(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
                now=timezone.now(),
            ),
        )
    return _asked(request, shop, found, form, "dismiss")


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.WORK)
def finish(request: Any, shop: Shop, suggestion_id: int) -> HttpResponse:
    """It was done by hand: by letter, in the parcel, by phone, or in another way."""
    found = _found(shop, suggestion_id)
    first = {"channel": found.what.channel, "note": ""}
    form = ByHandForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        return _settled(
            request,
            found,
            _("Noted as done."),
            lambda: settling.finish_by_hand(
                suggestion_id=found.pk,
                shop=shop,
                by=request.user,
                channel=form.by,
                note=form.cleaned_data["note"],
                now=timezone.now(),
            ),
        )
    return _asked(request, shop, found, form, "finish")


@require_POST
@member_may(Action.WORK)
def put_off(request: HttpRequest, shop: Shop, suggestion_id: int) -> HttpResponse:
    """Let it come again tomorrow."""
    found = _found(shop, suggestion_id)
    return _settled(
        request,
        found,
        _("It comes again tomorrow."),
        lambda: settling.put_off(suggestion_id=found.pk, shop=shop, now=timezone.now()),
    )


@require_POST
@member_may(Action.WORK)
def undo(request: HttpRequest, shop: Shop, suggestion_id: int) -> HttpResponse:
    """Take back what was just settled."""
    found = _found(shop, suggestion_id)
    try:
        settling.undo(suggestion_id=found.pk, shop=shop, now=timezone.now())
    except ValidationError as error:
        say(request, str(error.message))
    else:
        say(request, _("Taken back."))
    return redirect(_back(request, shop))


@require_POST
@member_may(Action.WORK)
def keep_quiet(request: Any, shop: Shop) -> HttpResponse:
    """Go on leaving these people in peace: the day's work about them is done."""
    chosen = [key for text in request.POST.getlist("id")[:50] if (key := key_of(text))]
    done = settling.keep_quiet(ids=chosen, shop=shop, by=request.user, now=timezone.now())
    if done:
        say(request, _("They are left in peace. That is done for today."))
    return redirect(_back(request, shop))


@require_POST
@member_may(Action.WORK)
def answered(request: Any, shop: Shop, touchpoint_id: int) -> HttpResponse:
    """Somebody thanked for this fact, or answered it, in a way we did not see."""
    fact = get_object_or_404(Touchpoint, shop=shop, pk=touchpoint_id)
    form = ByHandForm(request.POST)
    if form.is_valid():
        acknowledge(touchpoint=fact, by=request.user, channel=form.by, now=timezone.now())
        undo = reverse("unanswered", args=[shop.slug, fact.pk])
        query = urlencode({"next": _back(request, shop)})
        say(request, _("Noted as answered."), undo=f"{undo}?{query}")
    return redirect(_back(request, shop))


@require_POST
@member_may(Action.WORK)
def unanswered(request: HttpRequest, shop: Shop, touchpoint_id: int) -> HttpResponse:
    """Take back that somebody answered: the fact waits again."""
    take_back(touchpoint=get_object_or_404(Touchpoint, shop=shop, pk=touchpoint_id))
    say(request, _("Taken back."))
    return redirect(_back(request, shop))


def _found(shop: Shop, suggestion_id: int) -> Suggestion:
    return get_object_or_404(suggestions_of(shop.pk), pk=suggestion_id)


def _desk(
    request: Any,
    shop: Shop,
    found: Suggestion,
    form: LetterForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    letter = letter_of(found, shop)
    if form is None:
        form = LetterForm(initial={**vars(letter), "revision": found.revision})
    elif "changed" in {error.code for error in form.non_field_errors().as_data()}:
        # What they typed comes back, and is theirs to send over what the other wrote.
        typed_anew = request.POST.copy()
        typed_anew["revision"] = found.revision
        form.data = typed_anew
    typed = form.letter if form.is_bound else letter
    what, is_open = found.what, found.state == SuggestionState.PROPOSED
    foresight = None
    if is_open and what.channel:
        foresight = foresee(
            customer=found.customer,
            purpose=what.purpose,
            channel=what.channel,
            now=timezone.now(),
            words=typed.words,
            personal_hash=hash_of(typed.personal),
        )
    context = {
        "shop": shop,
        "section": "today",
        "suggestion": found,
        "letter": letter,
        "typed": typed if typed != letter else None,
        "form": form,
        "stage": stage_of(found.customer),
        "needs_personal": what.needs_personal(stage_of(found.customer)),
        "said": _said_by(found.customer),
        "foresight": foresight,
        "is_open": is_open,
        "back": _back(request, shop),
    }
    return render(request, "crm/followups/suggestion.html", context, status=status)


def _said_by(customer: Customer) -> list[Touchpoint]:
    """The customer's own words, newest first, each with who answered it."""
    with_text = said_by(customer).filter(text_row__isnull=False).exclude(kind__in=OURS)
    answers = Prefetch(
        "acknowledgement", Acknowledgement.objects.filter(shop_id=customer.shop_id)
        .select_related("by"),
    )  # fmt: skip
    return list(with_text.select_related("text_row").prefetch_related(answers)[:LETTERS_SHOWN])


def _approved(
    request: HttpRequest, shop: Shop, found: Suggestion, approval: settling.Approval
) -> HttpResponse:
    mail = approval.mail
    if mail is None:
        say(request, _("It is not sent; what speaks against it stands beside the letter."))
        return _again(request, found)
    local = timezone.localtime(mail.due_at)
    form = "TIME_FORMAT" if local.date() == timezone.localdate() else "SHORT_DATETIME_FORMAT"
    words = {"name": found.customer, "at": date_format(local, form)}
    say(
        request,
        (_("%(name)s: it waits for a better moment and goes out at %(at)s.") if mail.reason
         else _("%(name)s: it goes out at %(at)s.")) % words,
        undo=_address_of_undo(request, found),
    )  # fmt: skip
    return redirect(_back(request, shop))


def _settled(request: HttpRequest, found: Suggestion, words: str, settle: Any) -> HttpResponse:
    """Settle it and go back to where one came from; or say what became of it meanwhile."""
    try:
        settle()
    except ValidationError as error:
        say(request, str(error.message))
    else:
        said = _("%(name)s: %(what)s") % {"name": found.customer, "what": words}
        say(request, said, undo=_address_of_undo(request, found))
    return redirect(_back(request, found.shop))


def _asked(
    request: HttpRequest, shop: Shop, found: Suggestion, form: Any, template: str
) -> HttpResponse:
    context = {
        "shop": shop,
        "section": "today",
        "suggestion": found,
        "form": form,
        "back": _back(request, shop),
        "is_open": found.state == SuggestionState.PROPOSED,
    }
    status = 422 if form.is_bound else 200
    return render(request, f"crm/followups/{template}.html", context, status=status)


def _again(request: HttpRequest, found: Suggestion) -> HttpResponse:
    """The desk once more, with the way back it had."""
    address = reverse("suggestion", args=[found.shop.slug, found.pk])
    return redirect(f"{address}?{urlencode({'next': _back(request, found.shop)})}")


def _address_of_undo(request: HttpRequest, found: Suggestion) -> str:
    address = reverse("suggestion_undo", args=[found.shop.slug, found.pk])
    return f"{address}?{urlencode({'next': _back(request, found.shop)})}"


def _back(request: HttpRequest, shop: Shop) -> str:
    """The page of this shop one came from, as it says of itself; else the list."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    if is_ours and asked.startswith(f"/shops/{shop.slug}/"):
        return asked
    return reverse("suggestions", args=[shop.slug])
