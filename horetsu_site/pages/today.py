"""The day's work: one short list that one person works through in ten minutes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm.complaints.models import Complaint
from crm.complaints.selectors import open_cases
from crm.followups.day import day_of
from crm.followups.enums import Call
from crm.followups.models import Suggestion
from crm.followups.selectors import midnight
from crm.guard.selectors import Foresight, foresee, restraint_since
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.shops.services import want_digest
from crm.work.models import Work
from crm.work.selectors import parked
from crm.work.services import unpark

PARKED_SHOWN = 20

#: What the machine could not do, for those who did not build it.
WORK_IN_WORDS: dict[str, Promise] = {
    "digest": gettext_lazy("Writing the morning's letter"),
    "import": gettext_lazy("Taking in a file"),
    "invitations": gettext_lazy("Inviting customers to a survey"),
    "letter": gettext_lazy("Noting what became of a letter"),
    "propose": gettext_lazy("Looking for what suits whom"),
    "review": gettext_lazy("Judging anew where a customer stands"),
    "send": gettext_lazy("Sending a mail"),
    "yardstick": gettext_lazy("Measuring the shop"),
}


@require_safe
@member_may(Action.READ)
def shop(request: HttpRequest, shop: Shop) -> HttpResponse:
    """A shop's front door: the day's work."""
    return redirect("today", shop.slug)


@require_safe
@member_may(Action.READ)
def today(request: HttpRequest, shop: Shop) -> HttpResponse:
    """What asks for somebody, whom to leave in peace, what was done, and what got stuck."""
    now = timezone.now()
    day = day_of(shop, now=now)
    context = {
        "shop": shop,
        "section": "today",
        "today": timezone.localdate(now),
        "hour": timezone.localtime(now).hour,
        "day": day,
        "tasks": _with_cases(day.tasks, shop),
        "foresight": _foresee(day.tasks[0], now) if day.tasks else None,
        "restraint": restraint_since(shop.pk, midnight(shop, now)),
        "parked": [(row, _in_words(row)) for row in parked(shop.pk)[:PARKED_SHOWN]],
    }
    return render(request, "pages/today.html", context)


@require_POST
@member_may(Action.WORK)
def digest(request: Any, shop: Shop) -> HttpResponse:
    """Have the morning's letter sent to oneself, or not."""
    want_digest(request.membership, request.POST.get("to") == "on")
    return redirect("today", shop.slug)


@require_POST
@member_may(Action.WORK)
def retry(request: HttpRequest, shop: Shop, work_id: int) -> HttpResponse:
    """Let parked work be tried again."""
    work = get_object_or_404(Work, shop=shop, pk=work_id)
    unpark(work.pk, shop_id=shop.pk)
    messages.success(request, _("It will be tried again in a moment."))
    return redirect("today", shop.slug)


def _with_cases(
    tasks: Sequence[Suggestion], shop: Shop
) -> list[tuple[Suggestion, Complaint | None]]:
    """Each task with the case it leads to: what is unresolved is seen to there, not by letter."""
    solve = [task.customer_id for task in tasks if task.rank == Call.SOLVE]
    cases = open_cases(shop.pk, solve) if solve else {}
    return [(task, cases.get(task.customer_id)) for task in tasks]


def _foresee(task: Suggestion, now: datetime) -> Foresight:
    """For the one task that lies open; for each it would take as many questions as tasks."""
    contact: dict[str, Any] = {"purpose": task.what.purpose, "channel": task.what.channel}
    return foresee(customer=task.customer, now=now, **contact)


def _in_words(work: Work) -> str | Promise:
    return WORK_IN_WORDS.get(work.kind) or gettext_lazy("A piece of work")
