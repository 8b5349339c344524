"""What every room holds about people: so that all of it can be handed over, and forgotten.

Each room says so once, in its `holdings.py`. A table that leads to a customer and is not
named there fails a test.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise

from crm.tenancy.models import TenantModel

Text = str | Promise
Reading = Callable[[Any], object]

_TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


@dataclass(frozen=True)
class Person:
    """Somebody, by all the rows and words they are known by; those merged into them included.

    The words are empty once the person was erased.
    """

    shop_id: int
    ids: frozenset[int]
    addresses: frozenset[str] = frozenset()  # as crm.customers.addresses.normalise writes them
    names: frozenset[str] = frozenset()
    external_ids: frozenset[tuple[str, str]] = frozenset()  # (source, id)


class Fate(Enum):
    """What becomes of rows when the person they are about is erased."""

    EMPTIED = auto()  # they stay, and every text in them that `keeps` does not name is emptied
    DELETED = auto()
    KEPT = auto()  # they say nothing of anybody


@dataclass(frozen=True)
class Holding:
    """One table with rows about people.

    `find` gives a person's rows. `shows` names what the reader of an export sees of a row, by
    column or path, and `reads` puts into words what a column alone does not say. `keeps` are
    texts of ours, which tell nobody who it was.
    """

    model: type[TenantModel]
    find: Callable[[Person], QuerySet]
    title: Text
    shows: Mapping[str, Text]
    reads: Mapping[str, Reading]
    fate: Fate
    keeps: frozenset[str]

    @property
    def emptied(self) -> dict[str, object]:
        """What each text that does not stay is set to."""
        return {
            field.name: _nothing_in(field)
            for field in self.model._meta.concrete_fields
            if isinstance(field, _TEXTS) and not field.choices and field.name not in self.keeps
        }

    def forget(self, person: Person) -> None:
        """Leave nothing in these rows that tells who this was."""
        if self.fate is Fate.DELETED:
            self.find(person).delete()
        elif self.fate is Fate.EMPTIED and self.emptied:
            self.find(person).update(**self.emptied)


Forgetter = Callable[[Person, datetime], None]

holdings: dict[type[TenantModel], Holding] = {}
forgetters: list[Forgetter] = []


def hold(
    model: type[TenantModel],
    path: str = "",
    *,
    title: Text,
    shows: Mapping[str, Text],
    find: Callable[[Person], QuerySet] | None = None,
    reads: Mapping[str, Reading] | None = None,
    fate: Fate = Fate.EMPTIED,
    keeps: Iterable[str] = (),
) -> None:
    """Say that this table has rows about people (see Holding).

    `path` leads from a row to its customer, such as "mail__customer"; else `find` finds them.
    """

    def along_path(person: Person) -> QuerySet:
        people = {f"{path}__in": person.ids}
        return model.objects.filter(shop_id=person.shop_id, **people)

    holdings[model] = Holding(
        model, find or along_path, title, shows, reads or {}, fate, frozenset(keeps)
    )


def before_forgetting(forgetter: Forgetter) -> Forgetter:
    """Have this called for a person who is to be erased, while their rows can still be read."""
    forgetters.append(forgetter)
    return forgetter


def _nothing_in(field: models.Field) -> object:
    if isinstance(field, models.JSONField):
        return field.get_default()
    if field.null:
        return None
    return b"" if isinstance(field, models.BinaryField) else ""
