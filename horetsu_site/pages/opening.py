"""A shop is opened in one step, and its first page says what to do first."""

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.forms import NewShopForm
from crm.shops.models import Shop
from crm.shops.services import open_shop
from crm.shops.slugs import propose_slug

SHOPS_A_DAY = {"open_shop": "10/d/user"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_shop(request: Any) -> HttpResponse:
    """Open a shop and become its owner."""
    form = NewShopForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (shop := _open(request, form)):
        return redirect("welcome", shop.slug)
    return render(
        request, "pages/new_shop.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
@member_may(Action.READ)
def welcome(request: HttpRequest, shop: Shop) -> HttpResponse:
    """What to do first in a new shop."""
    return render(request, "pages/welcome.html", {"shop": shop})


def _open(request: Any, form: NewShopForm) -> Shop | None:
    """The new shop; None with what speaks against it on the form."""
    if not consume(
        request, app="crm.shops", action="open_shop", config=SHOPS_A_DAY, user=request.user
    ):
        form.add_error(None, _("Those were many shops today. Please go on tomorrow."))
        return None
    wishes = form.cleaned_data
    slug = wishes.pop("slug") or propose_slug(name=wishes["name"], owner=request.user)
    try:
        return open_shop(owner=request.user, slug=slug, **wishes)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None if known else "slug", error if known else error.messages)
        return None
