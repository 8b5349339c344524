import secrets

from django.db import transaction

from crm.shops.enums import Role
from crm.shops.models import ApiKey, Membership, Shop, User


@transaction.atomic
def create_shop(
    *, slug: str, name: str, time_zone: str, owner: User, locale: str = "ja", currency: str = "JPY"
) -> Shop:
    """A new shop with its owner. Raises ValidationError for a taken slug or unknown zone."""
    shop = Shop(slug=slug, name=name, time_zone=time_zone, locale=locale, currency=currency)
    shop.contact_email = owner.email
    shop.full_clean()
    shop.save()
    Membership.objects.create(shop=shop, user=owner, role=Role.OWNER)
    return shop


def issue_api_key(*, shop: Shop, name: str) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can read again."""
    prefix = secrets.token_hex(6)
    key = f"{prefix}.{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(shop=shop, name=name, prefix=prefix, sha256=ApiKey.digest(key))
    return row, key
