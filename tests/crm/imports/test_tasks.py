import io
from datetime import timedelta

import pytest
from django.db import connection

from crm.customers.models import Purchase
from crm.imports import services, staging, tasks
from crm.imports.enums import FileKind, Format, Reason, RunState
from crm.imports.models import ImportNote, ImportPiece, ImportRun
from crm.imports.services import tidy_up
from crm.imports.staging import Staging
from crm.imports.uploads import begin, settle, upload
from crm.tenancy.door import tenant
from crm.work.models import Work
from crm.work.tasks import work_off

pytestmark = pytest.mark.django_db

CONTENT = b"order_id,customer_id,ordered_at,total\n" + b"".join(
    b"%d,7,2026-05-10,100\n" % n for n in range(1, 11)
)


def purchases(shop) -> int:
    with tenant(shop):
        return Purchase.objects.filter(shop=shop).count()


def uploaded(shop, owner) -> ImportRun:
    with tenant(shop):
        return upload(shop=shop, by=owner, file=io.BytesIO(CONTENT), file_name="orders.csv")


def ready(shop, owner) -> ImportRun:
    run = uploaded(shop, owner)
    work_off("import")
    return run


def say_go(run) -> None:
    with tenant(run.shop):
        begin(run.pk, shop=run.shop)


def state_of(run) -> str:
    with tenant(run.shop):
        run.refresh_from_db()
    return run.state


def test_an_uploaded_file_is_looked_through_and_waits(shop, owner):
    run = ready(shop, owner)

    assert (state_of(run), purchases(shop)) == (RunState.READY, 0)
    assert not Work.objects.filter(shop=shop, kind="import").exists()


@pytest.fixture
def one_row_at_a_time(monkeypatch):
    """Every reading stops after its first row; how often one began is noted."""
    monkeypatch.setattr(tasks, "READING", -1.0)
    monkeypatch.setattr(staging, "ROWS_A_LOOK", 1)
    begun = []
    fill = Staging.fill

    def counted(self, *args, **kwargs):
        begun.append(self._names["rows"])
        return fill(self, *args, **kwargs)

    monkeypatch.setattr(Staging, "fill", counted)
    return begun


def forget_tables(names):
    """What the end of a process does to what its connection staged."""
    with connection.cursor() as cursor:
        for name in set(names):
            cursor.execute(f'DROP TABLE IF EXISTS "{name}"')


def test_a_long_file_is_looked_through_and_staged_over_many_tasks(shop, owner, one_row_at_a_time):
    run = ready(shop, owner)

    assert state_of(run) == RunState.READY
    assert (run.counts["rows"], run.forecast["created"]) == (10, 10)
    assert len(one_row_at_a_time) == 11, "ten rows and the end of the file"

    say_go(run)
    work_off("import")

    assert (state_of(run), purchases(shop)) == (RunState.DONE, 10)
    assert len(one_row_at_a_time) == 22


def test_a_file_half_read_when_its_process_ended_is_read_anew(shop, owner, one_row_at_a_time):
    run = uploaded(shop, owner)
    for _ in range(5):
        with tenant(shop):
            assert tasks.carry_on(run.pk) is not None
    forget_tables(one_row_at_a_time)

    work_off("import")

    assert (state_of(run), run.counts["rows"]) == (RunState.READY, 10)


def test_what_was_read_before_the_columns_were_named_anew_is_not_taken_for_it(
    shop, owner, one_row_at_a_time
):
    run = uploaded(shop, owner)
    with tenant(shop):
        tasks.carry_on(run.pk)
        settle(run.pk, shop=shop, kind=FileKind.ORDERS, format=Format.GENERIC,
               mapping=run.mapping, date_format="%Y-%m-%d")  # fmt: skip

    work_off("import")

    assert (state_of(run), run.counts["rows"]) == (RunState.READY, 10)
    assert len(set(one_row_at_a_time)) == 2


def test_it_is_taken_in_slice_by_slice_and_then_forgotten(shop, owner, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 4)
    run = ready(shop, owner)
    say_go(run)

    work_off("import")

    assert (state_of(run), purchases(shop)) == (RunState.DONE, 10)
    with tenant(shop):
        assert not ImportPiece.objects.filter(shop=shop).exists()
        assert not Work.objects.filter(shop=shop, kind="import").exists()


def test_work_on_a_file_that_is_gone_is_done(shop, owner):
    run = ready(shop, owner)
    say_go(run)
    with tenant(shop):
        ImportPiece.objects.filter(shop=shop).delete()

    work_off("import")

    assert purchases(shop) == 0
    assert not Work.objects.filter(kind="import").exists()


def test_files_are_forgotten_after_a_week_and_notes_after_a_month(shop, owner):
    run = uploaded(shop, owner)
    with tenant(shop):
        ImportNote.objects.create(shop=shop, run=run, line=2, code=Reason.NUL, is_left_out=True)
        kept_since = ImportPiece.objects.get(shop=shop).created_at

        left = []
        for days in (6, 8, 29, 31):
            tidy_up(shop_id=shop.pk, now=kept_since + timedelta(days=days))
            left.append((ImportPiece.objects.count(), ImportNote.objects.count()))

    assert left == [(1, 1), (0, 1), (0, 1), (0, 0)]


def test_a_file_that_waited_a_week_is_given_up(shop, owner):
    run = ready(shop, owner)

    with tenant(shop):
        kept_since = ImportPiece.objects.get(shop=shop).created_at
        tidy_up(shop_id=shop.pk, now=kept_since + timedelta(days=8))

    assert state_of(run) == RunState.CANCELLED
