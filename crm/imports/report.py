"""What became of a file, in calm sentences; figures exactly as they add up."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.imports.counts import Counts
from crm.imports.decoding import Reading
from crm.imports.enums import FileKind, Format, Reason, Remark
from crm.imports.inspection import Inspected
from crm.imports.models import ImportRun


def preview(inspected: Inspected) -> Iterator[str]:
    """How the file was read, with its first rows, so that a person sees whether it is right."""
    reading = inspected.reading
    delimiter = {"\t": _("tabs"), ";": _("semicolons")}.get(inspected.delimiter, _("commas"))
    yield _("Read as %(encoding)s, separated by %(delimiter)s.") % {
        "encoding": reading.name,
        "delimiter": delimiter,
    }
    if reading.lost:
        yield _("Characters that could not be read: %(count)s") % {"count": f"{reading.lost:,}"}
    for cells in (inspected.header.cells, *(row.cells for row in inspected.sample)):
        yield "  " + _cut(" | ".join(cells), 100)


def report(run: ImportRun) -> Iterator[str]:
    """What became of the file: what went in, what was left out, and why."""
    counts = Counts.from_json(run.counts)
    yield _("%(file)s: %(rows)s rows (%(format)s; %(encoding)s)") % {
        "file": run.file_name,
        "rows": f"{counts.rows:,}",
        "format": Format(run.format).label,
        "encoding": Reading(run.encoding).name,
    }
    if run.kind == FileKind.ORDERS:
        yield _("Orders: %(created)s new, %(updated)s changed, %(unchanged)s as they were.") % {
            "created": f"{counts.created:,}",
            "updated": f"{counts.updated:,}",
            "unchanged": f"{counts.unchanged:,}",
        }
        yield from _money(counts)
    yield _("Customers: %(all)s in this file, %(created)s of them new, %(updated)s changed.") % {
        "all": f"{counts.customers:,}",
        "created": f"{counts.customers_created:,}",
        "updated": f"{counts.customers_updated:,}",
    }
    yield from _worth_a_look(counts)
    left_out = sum(counts.left_out.values())
    yield _("Left out: %(count)s") % {"count": f"{left_out:,}"}
    for code, count in counts.left_out.items():
        yield f"  {count:,}  {Reason(code).label}"
    if counts.has_changed_nothing:
        yield _("Nothing was changed: all of this was here already.")
    yield _("Nobody was written to.")


def _money(counts: Counts) -> Iterator[str]:
    for currency, money in counts.money.items():
        yield _("In all: %(amount)s %(currency)s in %(orders)s orders") % {
            "amount": _exact(money.total),
            "currency": currency,
            "orders": f"{money.orders:,}",
        }
        if money.void_orders:
            yield _("  of which do not count: %(amount)s %(currency)s in %(orders)s orders") % {
                "amount": _exact(money.void_total),
                "currency": currency,
                "orders": f"{money.void_orders:,}",
            }


def _worth_a_look(counts: Counts) -> Iterator[str]:
    if counts.unattached:
        yield _("Orders with neither customer number nor address, so of nobody: %(count)s") % {
            "count": f"{counts.unattached:,}"
        }
    if counts.masked:
        yield _("Addresses masked by a marketplace, which nobody writes to: %(count)s") % {
            "count": f"{counts.masked:,}"
        }
    if counts.to_merge:
        yield f"{Remark.SEVERAL_MATCH.label} ({counts.to_merge:,})"
    for code, count in counts.remarks.items():
        yield f"{Remark(code).label} ({count:,})"


def _exact(hundredths: int) -> str:
    """Unrounded, to be compared with the cart's own figure: 244,091.94, or 5,400."""
    return f"{Decimal(hundredths) / 100:,.2f}".removesuffix(".00")


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
