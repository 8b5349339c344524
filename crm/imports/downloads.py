"""Files for a person's spreadsheet: what was left out, and one to begin with."""

import csv
import io

from django.utils.translation import gettext as _

from crm.imports.canonical import COLUMNS
from crm.imports.enums import FileKind
from crm.imports.error_file import write_error_file
from crm.imports.labels import COLUMN_LABELS
from crm.imports.models import ImportRun
from crm.imports.selectors import notes_of

_SAMPLES = {
    FileKind.ORDERS: [
        {
            "order_id": "1001",
            "customer_id": "12",
            "email": "kayo@example.com",
            "ordered_at": "2026-05-10 12:30",
            "total": "5400",
            "status": "shipped",
            "quantity": "2",
        },
        {
            "order_id": "1002",
            "email": "haruka@example.com",
            "ordered_at": "2026-05-11",
            "total": "2160",
            "quantity": "1",
        },
    ],
    FileKind.CUSTOMERS: [
        {"customer_id": "12", "email": "kayo@example.com", "locale": "ja"},
        {"email": "haruka@example.com"},
    ],
}


def error_file(run: ImportRun) -> bytes:
    """The rows of a run that were left out or remarked, in the reader's language and in an
    encoding that Excel recognises."""
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="", write_through=True)
    write_error_file(text, notes_of(run).iterator())
    return content.getvalue()


def sample_file(kind: FileKind) -> bytes:
    """A file with our columns and two rows, as a spreadsheet opens it."""
    names = [_("Kayo Yamaguchi"), _("Haruka Takagi")]
    products = [_("Roasted tea, 100 g"), _("Teapot")]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([COLUMN_LABELS[ours] for ours in COLUMNS[kind]])
    for row, name, product in zip(_SAMPLES[kind], names, products, strict=True):
        told = {**row, "name": name, "product": product}
        writer.writerow([told.get(ours, "") for ours in COLUMNS[kind]])
    return text.getvalue().encode("utf-8-sig")
