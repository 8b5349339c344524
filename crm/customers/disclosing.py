"""All that a shop holds about a person, as the person may ask to have it."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from crm.customers.erasing import everyone_in, person_of
from crm.customers.models import Customer
from crm.customers.registry import Holding, holdings
from crm.customers.selectors import language_of
from crm.shops.csv_files import csv_lines
from crm.shops.models import Shop


@dataclass(frozen=True)
class Table:
    """The rows of one room's table: `cells` for a person to read, `data` for a machine."""

    name: str  # of our own table, such as "crm.touchpoint"
    title: str
    head: list[str]
    cells: list[list[str]]
    data: list[dict[str, Any]]


def tables_about(customer: Customer) -> list[Table]:
    """Everything held about this person and whoever was merged into them, table by table.

    Titles and words are in the present language, days and hours in the present zone.
    """
    person = person_of(customer.shop_id, everyone_in(customer))
    return [_table(holding, holding.find(person).order_by("pk")) for holding in holdings.values()]


def disclosure(customer: Customer, shop: Shop, *, now: datetime) -> bytes:
    """A zip with a page to read, the same as tables for a spreadsheet, and all of it as JSON.

    In the person's language, because it is for them.
    """
    with translation.override(language_of(customer, shop.locale)), timezone.override(shop.zone):
        tables = tables_about(customer)
        page = render_to_string(
            "crm/customers/disclosure.html", {"shop": shop, "tables": tables, "now": now}
        )
        style = render_to_string("crm/customers/disclosure.css")
    everything = {"shop": shop.name, "as_of": now, "tables": {t.name: t.data for t in tables}}
    files = io.BytesIO()
    with zipfile.ZipFile(files, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page)
        archive.writestr("style.css", style)
        archive.writestr(
            "data.json",
            json.dumps(everything, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1),
        )
        for table in tables:
            if table.cells:
                lines = csv_lines(table.head, table.cells)
                archive.writestr(f"tables/{table.name}.csv", "".join(lines))
    return files.getvalue()


def _table(holding: Holding, rows: QuerySet) -> Table:
    readers = [_reader(holding, column) for column in holding.shows]
    cells = [
        [read(value) for read, value in zip(readers, row, strict=True)]
        for row in rows.values_list(*holding.shows)
    ]
    columns = [
        field.attname for field in holding.model._meta.concrete_fields if field.name != "shop"
    ]
    return Table(
        name=holding.model._meta.label_lower,
        title=str(holding.title),
        head=[str(words) for words in holding.shows.values()],
        cells=cells,
        data=list(rows.values(*columns)),
    )


def _reader(holding: Holding, column: str) -> Callable[[Any], str]:
    """How to put the values of a column, or of a path of columns, into words."""
    in_words = holding.reads.get(column)
    choices = dict(_field_at(holding, column).flatchoices)

    def read(value: Any) -> str:
        if value is None:
            return ""
        if in_words is not None:
            value = in_words(value)
        return _plain(choices.get(value, value) if choices else value)

    return read


def _field_at(holding: Holding, path: str) -> Field:
    model: Any = holding.model
    *links, last = path.split("__")
    for link in links:
        model = model._meta.get_field(link).related_model
    field: Field = model._meta.get_field(last)
    return field


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(localize(value))
