import time
from functools import partial

from django.utils import timezone

from crm.imports import services, uploads
from crm.imports.enums import GOING, RunState
from crm.imports.models import ImportRun
from crm.imports.pieces import fetched
from crm.work.registry import Again, every_day, handler

every_day("import_tidy", hour=4)

#: Seconds of reading a file at a time. A task may begin it in its twentieth second and is broken
#: off in its forty-fifth (crm.work.tasks, settings); what follows the last row takes a few.
READING = 10.0


@handler("import")
def carry_on(run_id: int) -> Again | None:
    """Look an uploaded file through, or take in its next slice, until there is none."""
    run = ImportRun.objects.select_related("shop").filter(pk=run_id).first()
    if run is None or not run.pieces.exists():
        return None
    open_file = partial(fetched, run)
    until = time.monotonic() + READING

    def is_over() -> bool:
        return time.monotonic() > until

    if run.state == RunState.EXAMINING:
        run = uploads.examine(run_id, shop=run.shop, open_file=open_file, is_over=is_over)
        return Again() if run.state == RunState.EXAMINING else None
    if run.state not in GOING:
        return None
    run = services.advance(
        run_id, shop=run.shop, open_file=open_file, now=timezone.now(), is_over=is_over
    )
    return Again() if run.state in GOING else None


@handler("import_tidy")
def tidy_up(shop_id: int) -> None:
    services.tidy_up(shop_id=shop_id, now=timezone.now())
