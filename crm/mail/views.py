"""The page behind the link that stands in every mail: what may be written, and nothing more.

No login, no cookie, no JavaScript: the token is the right to it, and a mail may be read
years later. Opening it changes nothing, because mail scanners open every link. It names
nobody, because a mail may be forwarded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from crm.customers.enums import ConsentPurpose
from crm.customers.models import Customer
from crm.customers.selectors import language_of
from crm.mail import unsubscribing
from crm.mail.forms import WishesForm, as_ticked, to_tick
from crm.mail.tokens import read_unsubscribe_token
from crm.mail.wishes import Wishes, wishes_of
from crm.shops.models import Shop

_LONGEST_QUERY = 200


class SeeOther(HttpResponseRedirect):
    status_code = 303


@dataclass(frozen=True)
class Visit:
    """Somebody at the page; `customer` is None for who is no longer known here, or erased."""

    request: Any
    shop: Shop
    token: str
    customer_id: int
    customer: Customer | None

    def address(self, name: str, **query: str) -> str:
        """The address of a page behind this link, in the language chosen on this one."""
        if self.request.lang:
            query["lang"] = self.request.lang
        path = reverse(name, args=[self.token])
        return f"{path}?{urlencode(query)}" if query else path

    def form(self, posted: Any) -> WishesForm:
        zone = self.shop.zone
        return WishesForm(posted, today=timezone.localdate(timezone=zone), zone=zone)

    def page(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"shop": self.shop, "token": self.token}
        return render(self.request, f"crm/mail/{name}.html", context, status=status)


def behind_link(view: Callable[[Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its visit, in the reader's language and the shop's zone; else 404."""

    # RFC 8058: a mail program posts here without cookie or session.
    @csrf_exempt
    @wraps(view)
    def guarded(request: Any, token: str) -> HttpResponse:
        recipient = read_unsubscribe_token(token)
        if recipient is None:
            raise Http404
        shop = request.shop
        customer = unsubscribing.present_person(shop.pk, recipient.customer_id)
        visit = Visit(request, shop, token, recipient.customer_id, customer)
        language = request.lang or (language_of(customer, shop.locale) if customer else shop.locale)
        with translation.override(language), timezone.override(shop.zone):
            response = view(visit)
            response.headers["Content-Language"] = translation.get_language()
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def unsubscribe(visit: Visit) -> HttpResponse:
    """What may be written to this person. A mail program's one click posts here, and stops all."""
    if visit.request.method == "POST":
        _stop(visit, by="mail program")
        return visit.page("unsubscribed")
    return _page_of_wishes(visit, visit.form(None))


@require_POST
@behind_link
def stop(visit: Visit) -> HttpResponse:
    """Stop all mails to this person, by the page's button."""
    return _back_to_page(visit, _stop(visit, by="page"))


@require_POST
@behind_link
def choose(visit: Visit) -> HttpResponse:
    """Write about the topics that are ticked, and rest for as long as is ticked."""
    form = visit.form(visit.request.POST)
    if not form.is_valid():
        return _page_of_wishes(visit, form)
    before = unsubscribing.choose(
        shop_id=visit.shop.pk,
        customer_id=visit.customer_id,
        topics=[ConsentPurpose(topic) for topic in form.cleaned_data["topics"]],
        quiet_until=form.cleaned_data["rest"],
        at=timezone.now(),
        evidence={"means": "preference page", "by": "page"},
    )
    return _back_to_page(visit, before)


def _stop(visit: Visit, *, by: str) -> Wishes | None:
    return unsubscribing.unsubscribe(
        shop_id=visit.shop.pk,
        customer_id=visit.customer_id,
        at=timezone.now(),
        evidence={"means": "unsubscribe link", "by": by},
    )


def _back_to_page(visit: Visit, before: Wishes | None) -> HttpResponse:
    """To the page, with what was wished before in its address, for a button to undo it."""
    undo = urlencode(as_ticked(before, zone=visit.shop.zone), doseq=True) if before else ""
    return SeeOther(visit.address("unsubscribe", **({"before": undo} if undo else {})))


def _page_of_wishes(visit: Visit, form: WishesForm) -> HttpResponse:
    if visit.customer is None:
        return visit.page("unsubscribed")
    wishes = wishes_of(visit.customer, now=timezone.now())
    return visit.page(
        "wishes",
        422 if form.errors else 200,
        wishes=wishes,
        form=form,
        undo=_undo(visit),
        **to_tick(wishes, zone=visit.shop.zone),
    )


def _undo(visit: Visit) -> dict[str, list[str]] | None:
    """What the form was sent with before the press just now; None where nothing was pressed."""
    before = visit.request.GET.get("before", "")
    if not before or len(before) > _LONGEST_QUERY:
        return None
    ticked = QueryDict(before)
    if "rest" not in ticked or not visit.form(ticked).is_valid():
        return None
    return {name: ticked.getlist(name) for name in ("topics", "rest")}
