from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.management.speaking import SpeakingCommand
from crm.shops.audit import record
from crm.shops.enums import Act, Scope
from crm.shops.selectors import shop_called
from crm.shops.services import issue_api_key
from crm.tenancy.door import tenant


class Command(SpeakingCommand):
    help = "Make a key to the API for one shop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", required=True, help="the shop's word in addresses")
        parser.add_argument("--name", required=True, help="what the key is for")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.READ.value)

    def handle(self, *args: Any, **options: Any) -> None:
        shop = shop_called(options["shop"])
        if shop is None:
            raise CommandError(_("There is no shop called %(slug)s.") % {"slug": options["shop"]})
        try:
            with tenant(shop):
                row, key = issue_api_key(
                    shop=shop, name=options["name"], scope=Scope(options["scope"])
                )
                record(Act.KEY_MADE, shop=shop, by=None, about=str(row), scope=row.scope)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(_("The key, shown only this once: %(key)s") % {"key": key})
