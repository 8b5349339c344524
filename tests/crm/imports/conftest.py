import io
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from crm.imports.counts import Counts
from crm.imports.enums import FileKind, RunState
from crm.imports.inspection import inspect
from crm.imports.models import ImportRun
from crm.imports.services import advance, start_run
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from tests.factories import NOON

TakeIn = Callable[..., Counts]


@pytest.fixture
def take_in(shop: Shop) -> TakeIn:
    """Takes a whole file into the shop, slice by slice, and returns what became of it."""

    def take_in(content: bytes, kind: FileKind = FileKind.ORDERS, **options: Any) -> Counts:
        run = begin(content, kind, shop=options.pop("shop", shop), **options)
        return Counts.from_json(finish(run, content).counts)

    return take_in


def begin(
    content: bytes, kind: FileKind = FileKind.ORDERS, *, shop: Shop, **options: Any
) -> ImportRun:
    inspected = inspect(io.BytesIO(content))
    options = {"file_name": "file.csv", **options}
    with tenant(shop):
        return start_run(shop=shop, kind=kind, inspected=inspected, **options)


def go_on(run: ImportRun, content: bytes) -> ImportRun:
    """One slice, in a transaction of its own."""
    with tenant(run.shop):
        return advance(
            run.pk,
            shop=run.shop,
            open_file=lambda: nullcontext(io.BytesIO(content)),
            now=NOON + timedelta(1),
        )


def finish(run: ImportRun, content: bytes) -> ImportRun:
    while run.state != RunState.DONE:
        run = go_on(run, content)
    return run
