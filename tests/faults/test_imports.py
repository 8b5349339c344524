"""A file on its way in survives the end of its process (F28), with the control that does not."""

import io
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.models import Sum

from crm.customers.models import Customer, Purchase
from crm.imports.enums import RunState
from crm.imports.models import ImportPiece, ImportRun
from crm.imports.uploads import begin, upload
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from crm.work.models import Work
from horetsu_site.embedded import procs
from tests.faults.harness import Engine, wait_until

pytestmark = pytest.mark.faults

ORDERS = 6_000
CUSTOMERS = 500

IMPORT = """
import django
django.setup()
{breaking}
from django.core.management import call_command
call_command("import_csv", {path!r}, shop="otonari", kind="orders")
"""
# The checkpoint is written a slice before its orders; the process itself knows better.
CHECKPOINT_AHEAD = """
from crm.imports.staging import Staged, Staging
after, place = Staging.after, {}
def ahead(self, line, *, limit):
    batch = after(self, place.get(self._run.pk, line), limit=limit)
    if batch:
        place[self._run.pk] = batch[-1].line
        batch[-1] = Staged(batch[-1].line + limit, batch[-1].told)
    return batch
Staging.after = ahead
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{n},{n % CUSTOMERS},2025-05-10,{n}\n" for n in range(1, ORDERS + 1))
    path.write_text(f"order_id,customer_id,ordered_at,total\n{rows}", encoding="utf-8")
    return path


def start_import(engine: Engine, file: Path, *, breaking: str = "") -> subprocess.Popen[bytes]:
    addresses = {"DATABASE_URL": engine.postgres.url(), "REDIS_URL": engine.valkey.url}
    with (engine.root / "programs.log").open("ab") as log:
        return procs.spawn(
            [sys.executable, "-c", IMPORT.format(path=str(file), breaking=breaking)],
            log=log,
            env={**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "horetsu_site.settings"},
            death_signal=signal.SIGKILL,
        )


def orders_in(shop: Shop) -> int:
    with tenant(shop):
        return Purchase.objects.filter(shop=shop).count()


def kill_amid(engine: Engine, file: Path, shop: Shop, *, breaking: str = "") -> None:
    """Kill the import somewhere between its first and its last slice."""
    importing = start_import(engine, file, breaking=breaking)
    enough = random.randrange(1, ORDERS // 2)
    wait_until(lambda: orders_in(shop) >= enough or importing.poll() is not None)
    procs.kill(importing)
    assert 0 < orders_in(shop) < ORDERS, engine.log()


def test_a_file_whose_import_was_killed_goes_on_and_is_in_once(
    engine: Engine, tea_shop: Shop, file: Path
) -> None:
    kill_amid(engine, file, tea_shop)

    assert start_import(engine, file).wait() == 0, engine.log()

    with tenant(tea_shop):
        run = ImportRun.objects.get(shop=tea_shop)
        totals = Purchase.objects.filter(shop=tea_shop).aggregate(Sum("total"))
        customers = Customer.objects.filter(shop=tea_shop).count()
        reviews = Work.objects.filter(shop=tea_shop, kind="review").count()
    assert (run.state, run.counts["created"], run.counts["unchanged"]) == (
        RunState.DONE,
        ORDERS,
        0,
    )
    assert orders_in(tea_shop) == ORDERS
    assert totals == {"total__sum": 100 * ORDERS * (ORDERS + 1) // 2}
    assert customers == reviews == CUSTOMERS


def test_with_a_checkpoint_ahead_of_its_orders_some_are_lost(
    engine: Engine, tea_shop: Shop, file: Path
) -> None:
    kill_amid(engine, file, tea_shop, breaking=CHECKPOINT_AHEAD)

    assert start_import(engine, file).wait() == 0, engine.log()

    assert orders_in(tea_shop) < ORDERS


def state_of(run: ImportRun) -> str:
    with tenant(run.shop):
        return ImportRun.objects.get(shop=run.shop, pk=run.pk).state


def test_an_uploaded_file_whose_worker_was_killed_is_taken_in_by_the_next(
    engine: Engine, tea_shop: Shop, file: Path
) -> None:
    # A slice must not outlast its lease on a busy machine.
    worker = engine.start_worker(HORETSU_LEASE="5")
    engine.start_beat()
    with tenant(tea_shop):
        by = tea_shop.memberships.get().user
        content = io.BytesIO(file.read_bytes())
        run = upload(shop=tea_shop, by=by, file=content, file_name=file.name)
    wait_until(lambda: state_of(run) == RunState.READY)
    with tenant(tea_shop):
        begin(run.pk, shop=tea_shop)

    enough = random.randrange(1, ORDERS // 2)
    wait_until(lambda: orders_in(tea_shop) >= enough)
    engine.kill(worker)
    half = orders_in(tea_shop)
    engine.start_worker(HORETSU_LEASE="5")
    wait_until(lambda: state_of(run) == RunState.DONE)

    assert 0 < half < ORDERS, engine.log()
    assert orders_in(tea_shop) == ORDERS
    with tenant(tea_shop):
        counts = ImportRun.objects.get(shop=tea_shop).counts
        assert (counts["created"], counts["unchanged"]) == (ORDERS, 0)
        assert not ImportPiece.objects.filter(shop=tea_shop).exists()
