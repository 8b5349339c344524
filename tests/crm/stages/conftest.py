from collections.abc import Callable
from typing import Any

import pytest

from crm.customers.models import Customer
from crm.stages.models import Relationship, StageSpell


@pytest.fixture
def stored() -> Callable[[Customer], dict[str, Any]]:
    """Reads everything kept of a customer but row numbers."""

    def read(customer: Customer) -> dict[str, Any]:
        relationship = Relationship.objects.filter(customer=customer).values().first() or {}
        spells = StageSpell.objects.filter(customer=customer).order_by("from_on")
        return {
            **{name: value for name, value in relationship.items() if name != "id"},
            "spells": list(spells.values_list("stage", "from_on", "to_on")),
        }

    return read
