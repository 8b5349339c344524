"""Celery rings the bell; the work itself is rows (crm/work)."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "horetsu_site.settings")

app = Celery("horetsu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm.work"])


@signals.worker_init.connect
def refuse_a_role_that_passes_the_wall(**kwargs: object) -> None:
    """A worker must not start under a database role that sees every shop."""
    from crm.tenancy.checks import require_app_role  # Django is set up only by now

    require_app_role()


@signals.beat_init.connect
def tick_at_once(**kwargs: object) -> None:
    """Look for work right after a start: the schedule's own first tick is 15 s away."""
    app.send_task("crm.work.tick")
