import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.customers.wish_log import replay
from crm.mail.services import doubt_waiting
from crm.management.moments import moment
from crm.shops.models import Shop
from crm.tenancy.door import tenant


class Command(BaseCommand):
    help = (
        "Once a backup was restored, and before anything else starts: have people's wishes since "
        "then hold again, and send no mail a second time. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stopped-at", type=moment, required=True, metavar="MOMENT",
            help="when the lost site stopped: what was due by then it may have sent",
        )  # fmt: skip
        parser.add_argument(
            "wishes", nargs="+", type=Path, metavar="FILE", help="what export_wishes printed"
        )

    def handle(self, *args: Any, stopped_at: datetime, wishes: list[Path], **options: Any) -> None:
        shops = list(Shop.objects.values_list("pk", flat=True))
        replayed = doubted = 0
        for file in wishes:
            for line in map(json.loads, file.read_text("utf-8").splitlines()):
                shop_id = line.pop("shop")
                if shop_id in shops:  # else opened after the backup: nothing of it is here
                    with tenant(shop_id):
                        replayed += replay(shop_id, line)
        for shop_id in shops:
            with tenant(shop_id):
                doubted += doubt_waiting(shop_id=shop_id, until=stopped_at)
        self.stdout.write(f"Wishes that hold again: {replayed}. Mails in doubt: {doubted}.")
