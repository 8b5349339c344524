from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from horetsu_site.demo import shop as demo


class Command(BaseCommand):
    help = "Say where to look and how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"惚れ通 Horetsu: {settings.BASE_URL}/")
        if settings.LOCAL and demo.is_seeded():
            self.stdout.write(f"  demo shop   {settings.BASE_URL}/shops/{demo.SLUG}/today/")
            self.stdout.write(f"  sign in as  {demo.EMAIL}  password  {demo.PASSWORD}")
            self.stdout.write(f"  mailbox     {settings.BASE_URL}/mailbox/")
