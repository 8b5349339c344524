from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.customers.models import Customer
from crm.customers.selectors import language_of
from crm.mail import unsubscribing
from crm.mail.tokens import read_unsubscribe_token


# RFC 8058: a mail program posts here without cookie or session; the token is its right.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Any, token: str) -> HttpResponse:
    """Stop the shop's mails to one person: by the page's button, or by the mail program.

    Opening the page changes nothing, for mail scanners open every link. Whoever is no
    longer known here sees the same word that it is done.
    """
    recipient = read_unsubscribe_token(token)
    if recipient is None:
        raise Http404
    shop, now = request.shop, timezone.now()
    is_done = request.method == "POST"
    if is_done:
        by = "page" if request.GET.get("by") == "page" else "mail program"
        unsubscribing.unsubscribe(
            shop_id=shop.pk,
            customer_id=recipient.customer_id,
            at=now,
            evidence={"means": "unsubscribe link", "by": by},
        )
    customer = Customer.objects.filter(shop_id=shop.pk, pk=recipient.customer_id).first()
    language = language_of(customer, shop.locale) if customer else shop.locale
    with translation.override(request.lang or language):
        name = "unsubscribed" if is_done else "unsubscribe"
        response = render(request, f"crm/mail/{name}.html", {"shop": shop, "token": token})
        response.headers["Content-Language"] = translation.get_language()
    response.headers["X-Robots-Tag"] = "noindex"
    return response
