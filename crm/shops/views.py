from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.forms import ProfileForm
from crm.shops.models import AuditEntry, Shop
from crm.shops.paging import page_by_key
from crm.shops.services import update_profile


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.OWN)
def settings(request: Any, shop: Shop) -> HttpResponse:
    """The shop's profile."""
    # A copy, so that a form sent with mistakes does not change the name above the page.
    typed = request.POST if request.method == "POST" else None
    form = ProfileForm(typed, instance=copy(shop))
    if form.is_valid():
        update_profile(shop=shop, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings", shop.slug)
    return render(
        request,
        "crm/shops/settings.html",
        {"shop": shop, "form": form, "parts": form.parts(), "section": "settings"},
        status=422 if form.is_bound else 200,
    )


@require_safe
@member_may(Action.OWN)
def audit(request: HttpRequest, shop: Shop) -> HttpResponse:
    """What mattered in the shop, and who did it."""
    page = page_by_key(AuditEntry.objects.filter(shop=shop), after=request.GET.get("after"))
    context = {"shop": shop, "section": "settings", "tab": "audit", "page": page}
    return render(request, "crm/shops/audit.html", context)
