import io

from django.utils import timezone

from crm.imports import services
from crm.imports.enums import RunState
from crm.imports.models import ImportFile
from crm.work.registry import Again, every_day, handler

every_day("import_tidy", hour=4)


@handler("import")
def take_in_slice(run_id: int) -> Again | None:
    """Take in the next slice of an uploaded file, until none is left."""
    stored = ImportFile.objects.select_related("run__shop").filter(run=run_id).first()
    if stored is None:
        return None
    run = services.advance(
        run_id, shop=stored.run.shop, file=io.BytesIO(stored.content), now=timezone.now()
    )
    return None if run.state == RunState.DONE else Again()


@handler("import_tidy")
def tidy_up(shop_id: int) -> None:
    services.tidy_up(shop_id=shop_id, now=timezone.now())
