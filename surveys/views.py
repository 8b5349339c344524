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
from surveys.answering import record_answer
from surveys.enums import Outcome, Tone
from surveys.forms import AnswerForm, score_in_link
from surveys.inviting import send_new_link
from surveys.letters import sender_of, tone_of
from surveys.opening import Answer, Opened, open_invitation
from surveys.selectors import correctable_until, is_of_somebody_erased
from surveys.suspicion import Arrival, signals_of
from surveys.tokens import Link, Receipt, read_answer_token, read_receipt, seal_receipt
from surveys.wording import Item

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

    @property
    def item(self) -> Item:
        """The question in the language of the page."""
        return self.opened.item(translation.get_language())

    def question_page(self, name: str, form: AnswerForm, **context: Any) -> HttpResponse:
        context |= {
            "form": form,
            "item": self.item,
            "sender": sender_of(self.item, self.shop),
            "asks_for_no_words": tone_of(self.opened.stage) is Tone.CARE,
        }
        return self.page(name, UNREADABLE if form.errors else 200, **context)


def behind_link(view: Callable[[Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its visit, in the reader's language and the shop's zone; 404 for a link that
    is not ours.

    Exempt from CSRF by decision: the authority is the token in the address, and people whose
    mail program keeps no cookies would otherwise lose what they wrote.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: Any, token: str) -> HttpResponse:
        link = read_answer_token(token)
        is_press = request.method == "POST"
        if link is None:
            raise Http404
        opened = open_invitation(request.shop.pk, link.invitation_id, lock=is_press)
        if opened is None:
            return _gone(request, link)
        now = timezone.now()
        is_open = link.nonce == opened.nonce and now < opened.expires_at
        visit = Visit(request, request.shop, token, opened, now, is_open)
        language = request.lang or opened.locale or visit.shop.locale
        with translation.override(language), timezone.override(visit.shop.zone):
            response = view(visit)
            response.headers["Content-Language"] = translation.get_language()
        # For search engines that come by a link somebody put on a page of theirs.
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response

    return guarded


def _gone(request: Any, link: Link) -> HttpResponse:
    """Where a link leads whose person was erased; 404 where there never was a question."""
    shop = request.shop
    if not is_of_somebody_erased(shop.pk, link.invitation_id):
        raise Http404
    with translation.override(request.lang or shop.locale):
        response = render(request, "surveys/gone.html", {"shop": shop}, status=GONE)
        response.headers["Content-Language"] = translation.get_language()
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def answer(visit: Visit) -> HttpResponse:
    """The question; what the person sends is stored."""
    posted = visit.request.POST if visit.request.method == "POST" else None
    answers = visit.item.answers
    form = AnswerForm(
        posted,
        answers=answers,
        invitation_id=visit.opened.id,
        now=visit.now,
        chosen=score_in_link(visit.request.GET.get("score"), answers),
    )
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
        item=visit.item,
        sender=sender_of(visit.item, visit.shop),
        said=visit.item.answers.get(receipt.score) if receipt else None,
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
