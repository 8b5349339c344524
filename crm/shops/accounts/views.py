"""One's own account: what one is called, and where one is signed in."""

from typing import Any
from zoneinfo import ZoneInfo

from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.shops.accounts.forms import NameForm
from crm.shops.selectors import account_entries, memberships_of
from crm.shops.services import rename_user


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: Any) -> HttpResponse:
    """A person's name, and the ways to everything else about their account."""
    form = NameForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        rename_user(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(
        request, "account/account.html", {"form": form}, status=422 if form.is_bound else 200
    )


class Sessions(ListUserSessionsView):
    """Where somebody is signed in, and what happened to their account lately."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        first = memberships_of(user).first()
        zone = first.shop.zone if first else ZoneInfo("Asia/Tokyo")
        return super().get_context_data(entries=account_entries(user.pk), zone=zone, **kwargs)
