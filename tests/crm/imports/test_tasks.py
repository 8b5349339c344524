from datetime import timedelta

import pytest

from crm.customers.models import Purchase
from crm.imports import services
from crm.imports.enums import Reason, RunState
from crm.imports.models import ImportFile, ImportNote, ImportRun
from crm.imports.services import queue_run, tidy_up
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.tasks import work_off
from tests.crm.imports.conftest import begin

pytestmark = pytest.mark.django_db

CONTENT = b"order_id,customer_id,ordered_at,total\n" + b"".join(
    b"%d,7,2026-05-10,100\n" % n for n in range(1, 11)
)


def purchases(shop) -> int:
    with tenant(shop):
        return Purchase.objects.filter(shop=shop).count()


def upload(shop) -> ImportRun:
    run = begin(CONTENT, shop=shop)
    with tenant(shop):
        queue_run(run, content=CONTENT)
    return run


def test_an_uploaded_file_is_taken_in_by_a_worker_slice_by_slice(shop, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 4)
    run = upload(shop)

    work_off("import")

    assert purchases(shop) == 10
    with tenant(shop):
        run.refresh_from_db()
        assert run.state == RunState.DONE
        assert not Work.objects.filter(shop=shop, kind="import").exists()


def test_work_on_a_file_that_is_gone_is_done(shop):
    upload(shop)
    with tenant(shop):
        ImportFile.objects.filter(shop=shop).delete()

    work_off("import")

    assert purchases(shop) == 0
    assert not Work.objects.filter(kind="import").exists()


def test_files_are_forgotten_after_a_week_and_notes_after_a_month(shop):
    run = upload(shop)
    with tenant(shop):
        ImportNote.objects.create(shop=shop, run=run, line=2, code=Reason.NUL, is_left_out=True)
        kept_since = ImportFile.objects.get(shop=shop).created_at

        left = []
        for days in (6, 8, 29, 31):
            tidy_up(shop_id=shop.pk, now=kept_since + timedelta(days=days))
            left.append((ImportFile.objects.count(), ImportNote.objects.count()))

    assert left == [(1, 1), (0, 1), (0, 1), (0, 0)]
