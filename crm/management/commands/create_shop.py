from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.management.speaking import SpeakingCommand
from crm.shops.audit import record
from crm.shops.enums import Act
from crm.shops.services import create_shop, user_with_address
from crm.tenancy.door import tenant


class Command(SpeakingCommand):
    help = "Open a new shop, with its owner's account when there is none yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the shop's word in addresses, such as otonari")
        parser.add_argument("--name", required=True)
        parser.add_argument("--timezone", required=True, help="such as Asia/Tokyo")
        parser.add_argument("--owner", required=True, help="the owner's e-mail address")
        parser.add_argument("--locale", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument("--currency", type=str.upper, help="such as JPY")

    def handle(self, *args: Any, **options: Any) -> None:
        wishes = {key: options[key] for key in ("locale", "currency") if options[key]}
        try:
            with transaction.atomic():
                owner, password = user_with_address(options["owner"])
                shop = create_shop(
                    slug=options["slug"].lower(),
                    name=options["name"],
                    time_zone=options["timezone"],
                    owner=owner,
                    **wishes,
                )
        except ValidationError as error:
            raise CommandError(_in_words(error)) from error
        with tenant(shop):
            record(Act.SHOP_OPENED, shop=shop, by=None, about=owner.email)
        address = settings.BASE_URL + reverse("shop", args=[shop.slug])
        self.stdout.write(_("%(shop)s is open: %(address)s") % {"shop": shop, "address": address})
        self.stdout.write(_("Sign in as %(email)s.") % {"email": owner.email})
        if password:
            self.stdout.write(
                _("Password, shown only this once: %(password)s") % {"password": password}
            )


def _in_words(error: ValidationError) -> str:
    """Line by line what is wrong, with the name of what it is wrong with where there is one."""
    if hasattr(error, "error_dict"):
        return "\n".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
    return "\n".join(error.messages)
