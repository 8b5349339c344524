"""What this room holds about people (crm/customers/registry.py)."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.customers.money import as_amount
from crm.customers.registry import Fate, Person, before_forgetting, hold
from crm.shops.models import Shop
from crm.stages.enums import Mark, Stage
from crm.stages.labels import MARKS, STAGE_NAMES
from crm.stages.models import AssessmentLog, Relationship, StageSpell


def _stage(stage: int) -> Promise:
    return STAGE_NAMES[Stage(stage)]


def _marks(marks: list[str]) -> str:
    return "、".join(str(MARKS[Mark(mark)]) for mark in marks)


hold(
    Relationship,
    "customer",
    title=_("Where we take our relationship to stand"),
    shows={
        "stage": _("stage"),
        "since_on": _("since"),
        "peak": _("highest stage"),
        "orders": _("orders"),
        "spent": _("spent"),
        "first_on": _("first order"),
        "last_on": _("latest order"),
        "marks": _("marks"),
    },
    reads={"stage": _stage, "peak": _stage, "marks": _marks, "spent": as_amount},
    fate=Fate.DELETED,
)
hold(
    StageSpell,
    "customer",
    title=_("How our relationship went"),
    shows={"stage": _("stage"), "from_on": _("from"), "to_on": _("to")},
    reads={"stage": _stage},
    fate=Fate.KEPT,  # how many stood where, over the years
)
hold(
    AssessmentLog,
    "customer",
    title=_("What was believed of our relationship, and when"),
    shows={
        "at": _("when"),
        "stage": _("stage"),
        "since_on": _("since"),
        "marks": _("marks"),
        "facts": _("counted facts"),
    },
    reads={"stage": _stage, "marks": _marks},
    fate=Fate.DELETED,
)


@before_forgetting
def end_stay(person: Person, at: datetime) -> None:
    """Let the present stay end today: they stand nowhere any more, and did until now."""
    today = at.astimezone(Shop.objects.get(pk=person.shop_id).zone).date()
    present = StageSpell.objects.filter(
        shop_id=person.shop_id, customer__in=person.ids, to_on__isnull=True
    )
    present.filter(from_on__gte=today).delete()
    present.update(to_on=today)
