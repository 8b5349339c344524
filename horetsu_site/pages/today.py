"""The day's work: one short list that one person works through in ten minutes."""

from dataclasses import dataclass
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

from crm.followups.enums import Call
from crm.followups.models import Suggestion
from crm.followups.selectors import midnight, settled_since, to_do, to_leave
from crm.guard.selectors import Foresight, foresee, restraint_since
from crm.shops.access import member_may
from crm.shops.enums import Action
from crm.shops.models import Shop
from crm.work.models import Work
from crm.work.selectors import parked
from crm.work.services import unpark

SHOWN = 10  # what one person can do well in a sitting; the rest may wait for tomorrow
RESTING_SHOWN = 5
SETTLED_SHOWN = 20
PARKED_SHOWN = 20

#: How long each takes, in minutes, so that a day can be seen to end.
MINUTES = {Call.SOLVE: 5, Call.THANK: 3, Call.ANSWER: 3, Call.HEED: 3, Call.TEND: 2}

#: What the machine could not do, for those who did not build it.
WORK_IN_WORDS: dict[str, Promise] = {
    "import": gettext_lazy("Taking in a file"),
    "invitations": gettext_lazy("Inviting customers to a survey"),
    "letter": gettext_lazy("Noting what became of a letter"),
    "propose": gettext_lazy("Looking for what suits whom"),
    "review": gettext_lazy("Judging anew where a customer stands"),
    "send": gettext_lazy("Sending a mail"),
    "yardstick": gettext_lazy("Measuring the shop"),
}


@dataclass(frozen=True)
class Day:
    """What the page shows. `open_foresight` is the guard's answer about the first task."""

    tasks: list[Suggestion]
    has_more: bool
    resting: list[Suggestion]
    rests_more: bool
    settled: list[Suggestion]
    open_foresight: Foresight | None

    @property
    def minutes(self) -> int:
        return sum(MINUTES[Call(task.rank)] for task in self.tasks)

    @property
    def beads(self) -> list[bool]:
        """A bead for each task of the day: those done, then those left."""
        done = min(len(self.settled), SHOWN)
        return [True] * done + [False] * len(self.tasks)


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
    morning = midnight(shop, now)
    context = {
        "shop": shop,
        "section": "today",
        "today": timezone.localdate(now),
        "hour": timezone.localtime(now).hour,
        "day": _day(shop, now, morning),
        "restraint": restraint_since(shop.pk, morning),
        "parked": [(row, _in_words(row)) for row in parked(shop.pk)[:PARKED_SHOWN]],
    }
    return render(request, "pages/today.html", context)


@require_POST
@member_may(Action.WORK)
def retry(request: HttpRequest, shop: Shop, work_id: int) -> HttpResponse:
    """Let parked work be tried again."""
    work = get_object_or_404(Work, shop=shop, pk=work_id)
    unpark(work.pk, shop_id=shop.pk)
    messages.success(request, _("It will be tried again in a moment."))
    return redirect("today", shop.slug)


def _day(shop: Shop, now: datetime, morning: datetime) -> Day:
    tasks = list(to_do(shop.pk, now=now)[: SHOWN + 1])
    resting = list(to_leave(shop.pk, now=now)[: RESTING_SHOWN + 1])
    return Day(
        tasks=tasks[:SHOWN],
        has_more=len(tasks) > SHOWN,
        resting=resting[:RESTING_SHOWN],
        rests_more=len(resting) > RESTING_SHOWN,
        settled=list(settled_since(shop.pk, morning)[:SETTLED_SHOWN]),
        open_foresight=_foresee(tasks[0], now) if tasks else None,
    )


def _foresee(task: Suggestion, now: datetime) -> Foresight:
    """For the one task that lies open; for each it would take as many questions as tasks."""
    contact: dict[str, Any] = {"purpose": task.what.purpose, "channel": task.what.channel}
    return foresee(customer=task.customer, now=now, **contact)


def _in_words(work: Work) -> str | Promise:
    return WORK_IN_WORDS.get(work.kind) or gettext_lazy("A piece of work")
