import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from crm.shops.enums import Role
from crm.shops.models import ApiKey, Membership, Shop, User


@transaction.atomic
def create_shop(
    *, slug: str, name: str, time_zone: str, owner: User, locale: str = "ja", currency: str = "JPY"
) -> Shop:
    """A new shop with its owner. Raises ValidationError for a taken slug or unknown zone."""
    if Shop.objects.filter(slug=slug).exists():
        raise ValidationError(_("There is already a shop called %(slug)s.") % {"slug": slug})
    shop = Shop(slug=slug, name=name, time_zone=time_zone, locale=locale, currency=currency)
    shop.contact_email = owner.email
    shop.full_clean()
    shop.save()
    Membership.objects.create(shop=shop, user=owner, role=Role.OWNER)
    return shop


def user_with_address(email: str) -> tuple[User, str | None]:
    """The person who signs in with this address, and a password when they are new here.

    Raises ValidationError for what is no address. The password is nowhere kept in the clear.
    """
    address = email.strip().lower()
    validate_email(address)
    known = User.objects.filter(email=address).first()
    if known:
        return known, None
    password = secrets.token_urlsafe(15)
    return User.objects.create_user(address, password), password


def update_profile(*, shop: Shop, **changes: str) -> None:
    """Write down who the shop is to its customers: the fields of `ProfileForm`, checked there."""
    for field, value in changes.items():
        setattr(shop, field, value)
    shop.save(update_fields=list(changes))


def issue_api_key(*, shop: Shop, name: str) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can read again. ValidationError for a bad name."""
    prefix = secrets.token_hex(6)
    key = f"{prefix}.{secrets.token_urlsafe(32)}"
    row = ApiKey(shop=shop, name=name, prefix=prefix, sha256=ApiKey.digest(key))
    row.clean_fields(exclude=["created_at", "revoked_at"])
    row.save()
    return row, key
