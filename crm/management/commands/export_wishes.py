import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from crm.customers.wish_log import wishes_since
from crm.management.moments import moment
from crm.shops.models import Shop
from crm.tenancy.door import tenant

EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Print who asked to be left alone or to be erased, as lines for after_restore, "
        "to be kept apart from the backups. They name nobody."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=moment, default=EVER, metavar="MOMENT", help="else all there ever was"
        )

    def handle(self, *args: Any, since: datetime, **options: Any) -> None:
        for shop in Shop.objects.order_by("pk"):
            with tenant(shop):
                for line in wishes_since(shop.pk, since, now=timezone.now()):
                    self.stdout.write(json.dumps({"shop": shop.pk, **line}))
