import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from crm.customers.models import Customer
from crm.stages.models import Relationship, StageSpell

# The same examples on every run, and no clock: a slow machine is no failure.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, max_examples=80)
# For a change to the rule: HYPOTHESIS_PROFILE=hunt pytest tests/crm/stages (minutes).
settings.register_profile("hunt", deadline=None, database=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


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
