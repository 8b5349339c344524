from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.followups.selectors import first_of_all, open_suggestions
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.paging import page_by_key
from crm.work.models import Work
from crm.work.selectors import parked
from crm.work.services import unpark

FIRST_SHOWN = 50  # more than one person can listen to in a day
PARKED_SHOWN = 20


@require_safe
@member_may(Action.READ)
def shop(request: HttpRequest, shop: Shop) -> HttpResponse:
    """A shop's front door: the day's work."""
    return redirect("today", shop.slug)


@require_safe
@member_may(Action.READ)
def today(request: HttpRequest, shop: Shop) -> HttpResponse:
    """What suits which customer now, and what the machine could not do by itself."""
    after = request.GET.get("after")
    page = page_by_key(open_suggestions(shop.pk), after=after)
    if not after:
        page = replace(page, rows=[*first_of_all(shop.pk)[:FIRST_SHOWN], *page.rows])
    context = {
        "shop": shop,
        "section": "today",
        "today": timezone.localdate(),
        "page": page,
        "parked": parked(shop.pk)[:PARKED_SHOWN],
    }
    return render(request, "pages/today.html", context)


@require_POST
@member_may(Action.WORK)
def retry(request: HttpRequest, shop: Shop, work_id: int) -> HttpResponse:
    """Let parked work be tried again."""
    work = get_object_or_404(Work, shop=shop, pk=work_id)
    unpark(work.pk, shop_id=shop.pk)
    messages.success(request, _("It will be tried again in a moment."))
    return redirect("today", shop.slug)
