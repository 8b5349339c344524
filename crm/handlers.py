"""Where every kind of work finds its handler; imported once Django is ready."""

from crm.complaints import tasks as complaints
from crm.customers import tasks as customers
from crm.figures import tasks as figures
from crm.followups import tasks as followups
from crm.guard import tasks as guard
from crm.imports import tasks as imports
from crm.mail import account_mail
from crm.shops.machines import tasks as machines
from crm.stages import tasks as stages

__all__ = [
    "account_mail",
    "complaints",
    "customers",
    "figures",
    "followups",
    "guard",
    "imports",
    "machines",
    "stages",
]
