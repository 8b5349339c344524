import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.shops.audit import record
from crm.shops.enums import Act, Role, Scope
from crm.shops.models import ApiKey, Membership, Shop, User
from crm.tenancy.door import tenant


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


def open_shop(*, owner: User, **wishes: str) -> Shop:
    """As `create_shop`, by somebody who is there to be written down for it."""
    shop = create_shop(owner=owner, **wishes)
    with tenant(shop):
        record(Act.SHOP_OPENED, shop=shop, by=owner)
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


def set_language(*, user: User, language: str) -> None:
    """Show pages, and write mail, to this person in one of settings.LANGUAGES."""
    user.locale = language
    user.save(update_fields=["locale"])


def rename_user(*, user: User, name: str) -> None:
    """What colleagues call this person."""
    user.name = name
    user.save(update_fields=["name"])


@transaction.atomic
def update_profile(*, shop: Shop, by: User | None = None, **changes: str) -> None:
    """Write down who the shop is to its customers: the fields of `ProfileForm`, checked there."""
    changed = sorted(field for field, value in changes.items() if getattr(shop, field) != value)
    for field, value in changes.items():
        setattr(shop, field, value)
    shop.save(update_fields=list(changes))
    if by and changed:
        record(Act.SHOP_CHANGED, shop=shop, by=by, fields=changed)


@transaction.atomic
def issue_api_key(
    *, shop: Shop, name: str, scope: Scope = Scope.READ, by: User | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can read again. ValidationError for a bad name."""
    prefix = secrets.token_hex(6)
    key = f"{prefix}.{secrets.token_urlsafe(32)}"
    row = ApiKey(shop=shop, name=name, prefix=prefix, sha256=ApiKey.digest(key), scope=scope)
    row.clean_fields(exclude=["created_at", "revoked_at"])
    row.save()
    if by:
        record(Act.KEY_MADE, shop=shop, by=by, about=str(row), scope=scope)
    return row, key


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: User, now: datetime) -> None:
    """Let the key open nothing from now on."""
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    record(Act.KEY_REVOKED, shop=key.shop, by=by, about=str(key))


def note_use(key: ApiKey) -> None:
    """Write down that a key was shown; at most once an hour, for a client may ask all day."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO crm_apikeyuse (key_id, at) VALUES (%s, statement_timestamp())
            ON CONFLICT (key_id) DO UPDATE SET at = excluded.at
             WHERE crm_apikeyuse.at < excluded.at - interval '1 hour'
            """,
            [key.pk],
        )


def want_digest(membership: Membership, wants_it: bool) -> None:
    """Have the morning's letter about this shop sent to this colleague, or not."""
    membership.wants_digest = wants_it
    membership.save(update_fields=["wants_digest"])
