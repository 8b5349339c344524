from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crm.complaints.enums import ComplaintState
from crm.complaints.models import Complaint
from crm.customers import by_hand
from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Customer
from crm.customers.selectors import latest_consent
from crm.followups.enums import Call
from crm.followups.models import Suggestion
from crm.followups.selectors import open_suggestions
from crm.guard.enums import Channel
from crm.guard.selectors import Foresight, foresee
from crm.ledger.entries import ENTRIES
from crm.mail.enums import Purpose
from crm.mail.wishes import wishes_of
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.stages.enums import Stage
from horetsu_site.pages.standing import standing
from horetsu_site.pages.timeline import Key, timeline


@dataclass(frozen=True)
class Letters:
    """Whether this person is written to: what they wish, how often it was, what the guard says."""

    foresight: Foresight
    words: str | Promise
    quiet: str

    @property
    def contacts(self) -> int:
        return len(self.foresight.contacts)

    @property
    def limit(self) -> int:
        return self.foresight.limits.budget

    @property
    def days(self) -> int:
        return self.foresight.limits.budget_days


@require_safe
@member_may(Action.READ)
def customer(request: HttpRequest, shop: Shop, customer_id: int) -> HttpResponse:
    """One person: where the relationship stands, on what, and all that happened."""
    person: Customer = get_object_or_404(
        Customer.objects.select_related("shop"), shop=shop, pk=customer_id
    )
    if person.merged_into_id:
        return redirect("customer", shop.slug, person.merged_into_id)
    after = Key.read(request.GET.get("after", ""))
    now = timezone.now()
    found = standing(person, shop, as_of=timezone.localdate())
    complaints = Complaint.objects.filter(shop=shop, customer=person)
    cases = list(complaints.exclude(state=ComplaintState.CLOSED).order_by("due_at", "pk"))
    suggestion = open_suggestions(shop.pk).filter(customer=person).first()
    if suggestion and suggestion.rank == Call.SOLVE and cases:
        suggestion = None  # the case says it already, and leads to all that can be done
    context = {
        "shop": shop,
        "section": "customers",
        "customer": person,
        "identities": person.identities.filter(shop=shop).exclude(source=by_hand.SOURCE),
        "standing": found,
        "stages": list(Stage),
        "suggestion": suggestion,
        "foresight": _foresee(suggestion, now) if suggestion else None,
        "cases": cases,
        "letters": letters_of(person, now=now),
        "entries": ENTRIES,
        "after": after,
        "channels": Channel,
        "timeline": timeline(
            person, shop, now=now, spells=found.spells if found else (), after=after
        ),
    }
    return render(request, "pages/customer.html", context)


def _foresee(suggestion: Suggestion, now: datetime) -> Foresight | None:
    """What the guard would answer to just this suggestion; None where nothing would be sent."""
    play = suggestion.what
    if play.channel is None:
        return None
    return foresee(
        customer=suggestion.customer, purpose=play.purpose, channel=play.channel, now=now
    )


def letters_of(customer: Customer, *, now: datetime) -> Letters:
    """What the page says of writing to this person, now."""
    wishes = wishes_of(customer, now=now)
    consent = latest_consent(customer, ConsentPurpose.FOLLOW_UP)
    if wishes.is_cut_off:
        words: str | Promise = _("No mail of ours is let through")
    elif ConsentPurpose.FOLLOW_UP in wishes.topics:
        words = _("Would like letters from us")
    elif not wishes.topics:
        words = _("Asked us to stop")
    elif consent == ConsentState.REFUSED:
        words = _("Would rather have none")
    else:
        words = _("Has not been asked yet")
    quiet = ""
    if wishes.is_left_in_peace:
        quiet = gettext("until they come forward")
    elif wishes.quiet_until:
        day = date_format(timezone.localtime(wishes.quiet_until).date())
        quiet = gettext("until %(day)s") % {"day": day}
    foresight = foresee(customer=customer, purpose=Purpose.FOLLOW_UP, now=now)
    return Letters(foresight, words, quiet)
