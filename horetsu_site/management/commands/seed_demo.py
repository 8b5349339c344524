from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from horetsu_site.demo import shop as demo


class Command(BaseCommand):
    help = "Open the demo shop, once."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo shop has a known password and is for local mode only.")
        if not demo.is_seeded():
            demo.seed(now=timezone.now())
