from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.forms import ProfileForm
from crm.shops.models import Shop
from crm.shops.services import update_profile


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.OWN)
def settings(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The shop's profile."""
    # A copy, so that a form sent with mistakes does not change the name above the page.
    typed = request.POST if request.method == "POST" else None
    form = ProfileForm(typed, instance=copy(shop))
    if form.is_valid():
        update_profile(shop=shop, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings", shop.slug)
    return render(
        request,
        "crm/shops/settings.html",
        {"shop": shop, "form": form, "section": "settings"},
        status=422 if form.is_bound else 200,
    )
