"""Somebody whom staff add by hand, and correcting who somebody is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.customers.by_hand import add_customer, correct_customer
from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.forms import NewPersonForm, PersonForm
from crm.customers.models import Customer
from crm.customers.selectors import customers_with_address, present_customers
from crm.customers.services import record_consent
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.notices import say


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.WORK)
def new(request: Any, shop: Shop) -> HttpResponse:
    """Add one customer; whoever has the address already is shown instead."""
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        known = customers_with_address(shop.pk, form.told.email).first()
        if known is not None:
            say(request, _("Somebody with this address is known already: this person."))
            return redirect("customer", shop.slug, known.pk)
        customer = add_customer(shop_id=shop.pk, key=form.cleaned_data["key"], told=form.told)
        _keep_consent(customer, form, request)
        say(request, _("Added."))
        return redirect("customer", shop.slug, customer.pk)
    context = {"shop": shop, "section": "customers", "form": form}
    return render(request, "pages/person.html", context, status=422 if form.is_bound else 200)


def _keep_consent(customer: Customer, form: NewPersonForm, request: Any) -> None:
    """Keep that they would like letters, once, with how we know."""
    if not form.cleaned_data["wants_letters"] or customer.consents.exists():
        return
    record_consent(
        customer=customer,
        purpose=ConsentPurpose.FOLLOW_UP,
        state=ConsentState.GIVEN,
        at=timezone.now(),
        evidence={"words": form.cleaned_data["how"], "by": f"user:{request.user.pk}"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_may(Action.WORK)
def edit(request: HttpRequest, shop: Shop, customer_id: int) -> HttpResponse:
    """Correct the name, its reading, the address or the language of a customer."""
    customer = get_object_or_404(present_customers(shop.pk), pk=customer_id)
    # A copy of the row, so that a form sent with mistakes does not change the name above it.
    row = get_object_or_404(present_customers(shop.pk), pk=customer_id)
    form = PersonForm(request.POST or None, instance=row)
    if form.is_valid():
        correct_customer(customer=customer, told=form.told)
        say(request, _("Saved."))
        return redirect("customer", shop.slug, customer.pk)
    context = {"shop": shop, "section": "customers", "form": form, "customer": customer}
    return render(request, "pages/person.html", context, status=422 if form.is_bound else 200)
