from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.shops.access import member_may
from crm.shops.enums import Action, Scope
from crm.shops.keys.forms import KeyForm
from crm.shops.models import ApiKey, Shop
from crm.shops.paging import page_by_key
from crm.shops.services import issue_api_key, revoke_api_key


@require_safe
@member_may(Action.MANAGE_KEYS)
def keys(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Every key, with when it was last used."""
    rows = ApiKey.objects.filter(shop=shop).select_related("use")
    page = page_by_key(rows, after=request.GET.get("after"))
    return render(request, "crm/shops/keys/keys.html", _context(shop, page=page))


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.MANAGE_KEYS, proven=True)
def key_new(request: Any, shop: Shop) -> HttpResponse:
    """Make a key and show it this once, in the answer to the form, so that nothing keeps it."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        row, key = issue_api_key(
            shop=shop,
            name=form.cleaned_data["name"],
            scope=Scope(form.cleaned_data["scope"]),
            by=request.user,
        )
        return render(request, "crm/shops/keys/made.html", _context(shop, row=row, key=key))
    return render(
        request,
        "crm/shops/keys/new.html",
        _context(shop, form=form),
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.MANAGE_KEYS, proven=True)
def key_revoke(request: Any, shop: Shop, key_id: int) -> HttpResponse:
    """Let a key open nothing any more."""
    key = get_object_or_404(ApiKey, shop=shop, pk=key_id, revoked_at=None)
    if request.method == "POST":
        revoke_api_key(key, by=request.user, now=timezone.now())
        messages.success(request, _("The key opens nothing any more."))
        return redirect("keys", shop.slug)
    context = _context(
        shop,
        heading=_("Revoke %(name)s?") % {"name": key.name},
        said=[_("The program that uses it will be refused at once. This cannot be undone.")],
        act=_("Revoke"),
        back=reverse("keys", args=[shop.slug]),
        is_grave=True,
    )
    return render(request, "confirm.html", context)


def _context(shop: Shop, **more: Any) -> dict[str, Any]:
    return {"shop": shop, "section": "settings", "tab": "keys", **more}
