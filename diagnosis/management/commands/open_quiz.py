from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.shops.selectors import shop_called
from crm.tenancy.door import tenant
from diagnosis.services import SlugTaken, open_quiz


class Command(BaseCommand):
    help = "Lets anybody take a shop's quiz at /d/<address>/, with the questions as shipped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shop", required=True, metavar="SLUG")
        parser.add_argument("--address", metavar="SLUG", help="the shop's own when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["shop"])
        if shop is None:
            raise CommandError(f"There is no shop {options['shop']}.")
        try:
            with tenant(shop):
                quiz = open_quiz(shop=shop, slug=options["address"] or shop.slug)
        except SlugTaken as address:
            raise CommandError(f"Another shop runs its quiz at {address}.") from None
        self.stdout.write(f"/d/{quiz.slug}/")
