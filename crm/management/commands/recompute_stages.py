from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.shops.selectors import shop_called
from crm.stages.services import recompute
from crm.stages.yardsticks import measuring_day


class Command(BaseCommand):
    help = "Judge a shop's customers: those due, or all of them after measuring the shop anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", required=True, help="the shop's word in addresses")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="judge at the end of this day (YYYY-MM-DD)"
        )
        parser.add_argument("--full", action="store_true", help="everybody, and the yardstick")

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["shop"])
        if shop is None:
            raise CommandError(_("There is no shop called %(slug)s.") % {"slug": options["shop"]})
        today = timezone.now().astimezone(shop.zone).date()
        as_of = options["as_of"] or today
        measure_on = measuring_day(as_of, today=today) if options["full"] else None
        judged = sum(recompute(shop=shop, as_of=as_of, measure_on=measure_on))
        self.stdout.write(
            _("%(count)d customers judged as of %(day)s.") % {"count": judged, "day": as_of}
        )
