from argparse import ArgumentTypeError
from random import Random
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from crm.shops.selectors import shop_called
from horetsu_site.demo.sizes import generate


class Command(BaseCommand):
    help = "Make up a shop of any size, to measure with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=_positive, required=True)
        parser.add_argument("--years", type=_positive, default=2)
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same shop")
        parser.add_argument("--shop", help="its word in addresses; from size and seed where none")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who it belongs to")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["shop"] or f"made-up-{options['customers']}-{options['seed']}"
        if shop_called(slug):
            raise CommandError(f"There is already a shop called {slug}.")
        begun = monotonic()
        for step in generate(
            slug=slug,
            owner=options["owner"],
            customers=options["customers"],
            years=options["years"],
            random=Random(options["seed"]),
            now=timezone.now(),
        ):
            self.stdout.write(f"{monotonic() - begun:7.1f} s  {step}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("at least 1")
    return number
