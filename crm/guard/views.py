from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.guard.forms import RestraintForm
from crm.guard.models import GuardSettings
from crm.guard.services import restrain
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.stages.selectors import rule_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.OWN)
def restraint(request: Any, shop: Shop) -> HttpResponse:
    """The shop's restraint (ご連絡の上限), and the band that counts as expected."""
    settings = GuardSettings.objects.filter(shop=shop).first() or GuardSettings(shop=shop)
    form = RestraintForm(
        request.POST if request.method == "POST" else None,
        instance=settings,
        initial={"tolerance": rule_of(shop.pk).tolerance},
    )
    if form.is_valid():
        restrain(shop=shop, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("restraint", shop.slug)
    context = {"shop": shop, "section": "settings", "tab": "restraint", "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "crm/guard/restraint.html", context, status=status)
