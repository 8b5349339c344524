from dataclasses import fields, replace
from decimal import Decimal

import pytest

from crm.stages.rule_settings import RuleSettings, from_numbers, version


def test_the_version_names_the_rule_and_the_numbers() -> None:
    assert version(RuleSettings()).startswith("1-")
    assert len(version(RuleSettings())) == 10


@pytest.mark.parametrize("name", [field.name for field in fields(RuleSettings)])
def test_every_number_is_part_of_the_version(name: str) -> None:
    base = RuleSettings(keep_days=600)
    number = getattr(base, name)

    changed = replace(base, **{name: (1.0, 2.0, 3.0, 4.0) if number is None else number + 1})

    assert version(changed) != version(base)


def test_equal_numbers_are_one_version_however_they_are_written() -> None:
    written = RuleSettings(gain_days=365, tolerance=Decimal("1.00"), rhythm_default=90.0)

    assert version(written) == version(RuleSettings())


def test_the_numbers_of_a_row_become_settings() -> None:
    found = from_numbers({"tolerance": 0.5, "gain_days": 100, "orders_cuts": [1, 2, 3, 4]})

    assert found == RuleSettings(tolerance=Decimal("0.5"), gain_days=100, orders_cuts=(1, 2, 3, 4))


def test_a_number_the_rule_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        from_numbers({"gain_dayz": 1})


@pytest.mark.parametrize(
    "numbers",
    [
        {"keep_days": 364},
        {"landing_days": -1},
        {"unresolved_step_days": 0},
        {"rhythm_floor": 0},
        {"engagement_acts": 0},
    ],
)
def test_a_number_the_rule_cannot_work_with_is_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        RuleSettings(**numbers)  # type: ignore[arg-type]
