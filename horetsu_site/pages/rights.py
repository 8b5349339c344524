"""What a person may ask of a shop, and staff do for them: to have all that is held about them,
to be written to otherwise or not at all, to be forgotten."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.customers.disclosing import disclosure
from crm.customers.enums import ConsentPurpose
from crm.customers.erasing import erase
from crm.customers.models import Customer
from crm.mail import unsubscribing
from crm.mail.forms import ToldForm, to_tick
from crm.mail.wishes import wishes_of
from crm.shops import audit
from crm.shops.access import member_may
from crm.shops.enums import Act, Action
from crm.shops.models import Shop

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_OR_POST
@member_may(Action.EXPORT, proven=True)
def export(request: Any, shop: Shop, customer_id: int) -> HttpResponse:
    """All that is held about one person, to be handed to them."""
    customer = _present_customer(shop, customer_id)
    if request.method != "POST":
        return _ask(
            request,
            shop,
            customer,
            heading=_("Hand over all we hold about this person"),
            said=[
                _(
                    "You get a zip in their language: a page to read, tables, and a file for "
                    "machines."
                ),
                _(
                    "Make sure that it is really they who ask, and send it so that nobody else "
                    "can open it."
                ),
            ],
            act=_("Download it"),
            leave=_("Back to the customer"),
        )
    audit.record(Act.CUSTOMER_EXPORTED, shop=shop, by=request.user, about=f"customer:{customer.pk}")
    response = HttpResponse(
        disclosure(customer, shop, now=timezone.now()), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="customer-{customer.pk}.zip"'
    return response


@GET_OR_POST
@member_may(Action.WORK)
def wishes(request: Any, shop: Shop, customer_id: int) -> HttpResponse:
    """Write down what a person told staff about our mails, on the phone for instance."""
    customer = _present_customer(shop, customer_id)
    now = timezone.now()
    held = wishes_of(customer, now=now)
    posted = request.POST if request.method == "POST" else None
    form = ToldForm(posted, today=timezone.localdate(), zone=shop.zone)
    if form.is_valid():
        unsubscribing.choose(
            shop_id=shop.pk,
            customer_id=customer.pk,
            topics=[ConsentPurpose(topic) for topic in form.cleaned_data["topics"]],
            quiet_until=form.cleaned_data["rest"],
            at=now,
            evidence={"means": form.cleaned_data["how"], "by": f"user:{request.user.pk}"},
        )
        if not form.cleaned_data["topics"]:
            audit.record(
                Act.CONTACT_STOPPED, shop=shop, by=request.user, about=f"customer:{customer.pk}"
            )
        messages.success(request, _("Their wish is noted, and holds at once."))
        return redirect("customer", shop.slug, customer.pk)
    context = {
        "shop": shop,
        "section": "customers",
        "customer": customer,
        "wishes": held,
        "form": form,
        **to_tick(held, zone=shop.zone),
    }
    return render(request, "pages/wishes.html", context, status=422 if form.errors else 200)


@GET_OR_POST
@member_may(Action.ERASE, proven=True)
def forget(request: Any, shop: Shop, customer_id: int) -> HttpResponse:
    """Forget one person for good."""
    customer = get_object_or_404(Customer, shop=shop, pk=customer_id)
    if customer.erased_at:
        return redirect("customers", shop.slug)  # pressed twice
    if request.method != "POST":
        return _ask(
            request,
            shop,
            customer,
            heading=_("Forget this person for good"),
            said=[
                _(
                    "Their name, address, customer numbers, words and the mails we wrote are "
                    "erased at once. Nobody can bring them back."
                ),
                _(
                    "Mails that wait are called off, and links that were sent open nothing "
                    "any more."
                ),
                _(
                    "What stays is nobody's: orders and amounts, scores, and that this was "
                    "done, by whom and when."
                ),
                _(
                    "Files with their old orders will not bring them back, and nothing will be "
                    "sent to their address. Should they order again, they are a new customer."
                ),
                _("Backups keep them for up to 35 days."),
            ],
            act=_("Forget for good"),
            is_grave=True,
        )
    erase(customer=customer, at=timezone.now(), by=request.user)
    messages.success(request, _("This person is forgotten."))
    return redirect("customers", shop.slug)


def _present_customer(shop: Shop, customer_id: int) -> Customer:
    """The customer, or the one they were merged into; 404 for whoever was erased."""
    customer = get_object_or_404(Customer, shop=shop, pk=customer_id, erased_at=None)
    while customer.merged_into_id:
        customer = get_object_or_404(Customer, shop=shop, pk=customer.merged_into_id)
    return customer


def _ask(request: HttpRequest, shop: Shop, customer: Customer, **words: Any) -> HttpResponse:
    back = reverse("customer", args=[shop.slug, customer.pk])
    context = {"shop": shop, "section": "customers", "customer": customer, "back": back, **words}
    return render(request, "confirm.html", context)
