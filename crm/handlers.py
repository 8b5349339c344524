"""Where every kind of work finds its handler; imported once Django is ready."""

from crm.followups import tasks as followups
from crm.guard import tasks as guard
from crm.imports import tasks as imports
from crm.stages import tasks as stages

__all__ = ["followups", "guard", "imports", "stages"]
