from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.customers.models import Customer
from crm.customers.selectors import customers_matching
from crm.followups.selectors import open_suggestions
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.paging import page_by_key
from crm.stages.enums import Stage
from horetsu_site.pages.standing import standing
from horetsu_site.pages.timeline import Key, timeline

LONGEST_SEARCH = 200


@require_safe
@member_may(Action.READ)
def customer_list(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The people a shop knows, or those that a search finds."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = customers_matching(shop.pk, words).select_related("relationship")
    found = found.prefetch_related("identities")
    context = {
        "shop": shop,
        "section": "customers",
        "words": words,
        "page": page_by_key(found, after=request.GET.get("after")),
    }
    return render(request, "pages/customer_list.html", context)


@require_safe
@member_may(Action.READ)
def customer(request: HttpRequest, shop: Shop, customer_id: int) -> HttpResponse:
    """One person: where the relationship stands, on what, and all that happened."""
    person = get_object_or_404(Customer, shop=shop, pk=customer_id)
    if person.merged_into_id:
        return redirect("customer", shop.slug, person.merged_into_id)
    after = Key.read(request.GET.get("after", ""))
    found = standing(person, shop, as_of=timezone.localdate())
    spells = found.assessment.spells if found else ()
    context = {
        "shop": shop,
        "section": "customers",
        "customer": person,
        "identities": person.identities.filter(shop=shop),
        "standing": found,
        "stages": list(Stage),
        "suggestion": open_suggestions(shop.pk).filter(customer=person).first(),
        "after": after,
        "timeline": timeline(person, shop, spells=spells, after=after),
    }
    return render(request, "pages/customer.html", context)
