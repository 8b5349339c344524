import csv
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.shops.selectors import shop_called
from crm.stages.report import COLUMNS, Line, stage_report
from crm.stages.yardsticks import measuring_day
from crm.tenancy.door import tenant


class Command(BaseCommand):
    help = "One line per customer, recomputed as of the end of a day. Stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", required=True, help="the shop's word in addresses")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="the end of this day (YYYY-MM-DD)"
        )
        parser.add_argument("--format", choices=["csv", "json"], required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["shop"])
        if shop is None:
            raise CommandError(_("There is no shop called %(slug)s.") % {"slug": options["shop"]})
        today = timezone.now().astimezone(shop.zone).date()
        as_of = options["as_of"] or today
        measure_on = measuring_day(as_of, today=today)
        write = self._write_csv if options["format"] == "csv" else self._write_json
        with tenant(shop):
            write(stage_report(shop, as_of=as_of, measure_on=measure_on))

    def _write_csv(self, lines: Iterable[Line]) -> None:
        table = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        table.writeheader()
        for line in lines:
            table.writerow({name: _cell(value) for name, value in line.items()})

    def _write_json(self, lines: Iterable[Line]) -> None:
        """A JSON array, one customer to a line, written as it comes."""
        before = "[\n"
        for line in lines:
            self.stdout.write(before + json.dumps(line, ensure_ascii=False), ending="")
            before = ",\n"
        self.stdout.write("\n]" if before != "[\n" else "[]")


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
