"""What a customer meets behind an answer link: no login, no cookie, no JavaScript.

Opening a page changes nothing, because mail scanners open every link; a person's POST
answers. Only the redirect to the thanks (303) means that an answer was stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.mail.tokens import unsubscribe_url
from crm.shops.models import Shop
from surveys.enums import Outcome
from surveys.forms import AnswerForm, score_in_link
from surveys.inviting import send_new_link
from surveys.opening import Answer, Opened, open_invitation
from surveys.selectors import correctable_until
from surveys.services import record_answer
from surveys.suspicion import Arrival, signals_of
from surveys.tokens import Receipt, read_answer_token, read_receipt, seal_receipt

GONE, UNREADABLE = 410, 422


class SeeOther(HttpResponseRedirect):
    status_code = 303


@dataclass(frozen=True)
class Visit:
    """Somebody at an answer link. `is_open` while the link still takes answers."""

    request: Any
    shop: Shop
    token: str
    opened: Opened
    now: datetime
    is_open: bool

    def address(self, name: str, **query: str) -> str:
        """The address of a page behind this link, in the language chosen on this one."""
        if self.request.lang:
            query["lang"] = self.request.lang
        path = reverse(name, args=[self.token])
        return f"{path}?{urlencode(query)}" if query else path

    def page(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {
            "shop": self.shop,
            "privacy_url": self.shop.privacy_url or self.address("answer_privacy"),
            "stop_url": unsubscribe_url(self.opened.customer),
        }
        return render(self.request, f"surveys/{name}.html", context, status=status)

    def question_page(self, name: str, form: AnswerForm, **context: Any) -> HttpResponse:
        context |= {
            "form": form,
            "item": self.opened.item(translation.get_language()),
            "chosen": form.chosen,
        }
        return self.page(name, UNREADABLE if form.errors else 200, **context)


def behind_link(view: Callable[[Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its visit, in the reader's language and the shop's zone; else 404.

    Exempt from CSRF by decision: the authority is the token in the address, and people whose
    mail program keeps no cookies would otherwise lose what they wrote.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: Any, token: str) -> HttpResponse:
        link = read_answer_token(token)
        is_press = request.method == "POST"
        opened = link and open_invitation(request.shop.pk, link.invitation_id, lock=is_press)
        if not link or not opened:
            raise Http404
        now = timezone.now()
        is_open = link.nonce == opened.nonce and now < opened.expires_at
        visit = Visit(request, request.shop, token, opened, now, is_open)
        language = request.lang or opened.locale or visit.shop.locale
        with translation.override(language), timezone.override(visit.shop.zone):
            response = view(visit)
            response.headers["Content-Language"] = translation.get_language()
        add_never_cache_headers(response)
        return response

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def answer(visit: Visit) -> HttpResponse:
    """The question; what the person sends is stored."""
    posted = visit.request.POST if visit.request.method == "POST" else None
    chosen = score_in_link(visit.request.GET.get("score"))
    form = AnswerForm(posted, invitation_id=visit.opened.id, now=visit.now, chosen=chosen)
    if visit.is_open and posted is not None and form.is_valid():
        return _store(visit, form)
    stands = visit.opened.answer
    if stands and not stands.is_suspected:
        return _already(visit, form, stands)
    if not visit.is_open:
        return _expired(visit, words=form.typed_words)
    return visit.question_page("answer", form)


def _store(visit: Visit, form: AnswerForm) -> HttpResponse:
    opened = visit.opened
    score, words = form.cleaned_data["score"], form.cleaned_data["words"]
    arrival = Arrival(
        at=visit.now,
        opened_at=form.opened_at,
        mailed_at=opened.mailed_at,
        fell_in_trap=form.fell_in_trap,
        has_words=bool(words),
    )
    outcome = record_answer(
        opened=opened,
        score=score,
        words=words,
        at=visit.now,
        zone=visit.shop.zone,
        signals=signals_of(arrival),
        revises=form.revises,
    )
    if outcome is Outcome.REFUSED and opened.answer:
        return _already(visit, form, opened.answer)
    receipt = seal_receipt(Receipt(score, bool(words)), opened.id)
    return SeeOther(visit.address("answer_thanks", receipt=receipt))


def _already(visit: Visit, form: AnswerForm, stands: Answer) -> HttpResponse:
    """The answer there is stands; the score and words on the page are what was typed just now."""
    until = correctable_until(stands.answered_at, visit.shop.zone)
    is_correctable = visit.is_open and visit.now <= until
    return visit.question_page(
        "already", form, editable_until=until if is_correctable else None, revises=stands.n
    )


def _expired(visit: Visit, *, words: str = "") -> HttpResponse:
    return visit.page("expired", GONE, renew_url=visit.address("answer_renew"), words=words)


@require_safe
@behind_link
def thanks(visit: Visit) -> HttpResponse:
    """Thanks; the score is repeated only to whoever has just sent it."""
    stands = visit.opened.answer
    if stands is None:
        return SeeOther(visit.address("answer"))
    receipt = read_receipt(visit.request.GET.get("receipt", ""), visit.opened.id)
    until = correctable_until(stands.answered_at, visit.shop.zone)
    return visit.page(
        "thanks",
        score=receipt.score if receipt else None,
        has_words=bool(receipt and receipt.has_words),
        editable_until=until if visit.is_open and visit.now <= until else None,
        answer_url=visit.address("answer"),
    )


@require_POST
@behind_link
def renew(visit: Visit) -> HttpResponse:
    """A new link by mail for one that has run out; the page says the same in every case."""
    if visit.is_open or visit.opened.answer:
        return SeeOther(visit.address("answer"))
    send_new_link(invitation_id=visit.opened.id, shop=visit.shop, now=visit.now)
    return visit.page("renewed")


@require_safe
@behind_link
def privacy(visit: Visit) -> HttpResponse:
    """How the shop treats what it is sent, for shops without a page of their own."""
    return visit.page("privacy")
