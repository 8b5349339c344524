"""Short ways to say who somebody is, for the tests of plays."""

from datetime import date, timedelta
from typing import Any

from crm.followups.situation import Situation, Told
from crm.ledger.enums import Kind
from crm.stages.enums import Mark, Stage

TODAY = date(2026, 5, 10)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def told(kind: Kind, days: int = 2, **kwargs: Any) -> Told:
    return Told(id=kwargs.pop("id", 7), kind=kind, on=days_ago(days), **kwargs)


def somebody(stage: Stage = Stage.LANDING, *marks: Mark, **kwargs: Any) -> Situation:
    known: dict[str, Any] = {"today": TODAY, "since_on": days_ago(40)}
    return Situation(stage=stage, marks=frozenset(marks), **(known | kwargs))
