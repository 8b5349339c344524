from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.mail.selectors import mails_of
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.paging import page_by_key


@require_safe
@member_may(Action.READ)
def mail_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Every mail to a customer, with its state; those that wait or were not sent say why."""
    mails = mails_of(shop.pk).defer("content__text", "content__html")
    page = page_by_key(mails, after=request.GET.get("after"))
    context = {"shop": shop, "section": "mails", "page": page}
    return render(request, "pages/mail_list.html", context)
