"""Where every room says what it holds about people; imported once Django is ready."""

from crm.complaints import holdings as complaints
from crm.customers import holdings as customers
from crm.followups import holdings as followups
from crm.guard import holdings as guard
from crm.imports import holdings as imports
from crm.ledger import holdings as ledger
from crm.mail import holdings as mail
from crm.stages import holdings as stages

__all__ = [
    "complaints",
    "customers",
    "followups",
    "guard",
    "imports",
    "ledger",
    "mail",
    "stages",
]
