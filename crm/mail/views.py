from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.customers.selectors import language_of
from crm.mail.models import Mail
from crm.mail.services import unsubscribe as stop_mails
from crm.mail.tokens import read_unsubscribe_token


# RFC 8058: a mail program posts here without cookie or session; the token is its right.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Any, token: str) -> HttpResponse:
    """Stop the shop's mails to one address: by the page's button, or by the mail program.

    Opening the page changes nothing, for mail scanners open every link. Whoever is no
    longer known here sees the same word that it is done.
    """
    ids = read_unsubscribe_token(token)
    if ids is None:
        raise Http404
    mail = (
        Mail.objects.select_related("customer").filter(shop_id=request.shop.pk, pk=ids[1]).first()
    )
    if request.method == "POST" and mail is not None:
        stop_mails(mail=mail, at=timezone.now())
    language = language_of(mail.customer, request.shop.locale) if mail else request.shop.locale
    with translation.override(request.lang or language):
        name = "unsubscribed" if request.method == "POST" else "unsubscribe"
        response = render(request, f"mail/{name}.html", {"shop": request.shop, "token": token})
    response.headers["X-Robots-Tag"] = "noindex"
    return response
