import hashlib
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.shops.enums import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None) -> "User":
        """A user who signs in with this address; without a password, not yet able to."""
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who works in shops. Signs in by address; belongs to shops by membership."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


def _known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone of this name."))


class Shop(models.Model):
    """A tenant. Who it is to its customers stands here; each room keeps its own settings."""

    slug = models.SlugField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^(?!new$)[a-z0-9][a-z0-9-]*$")],
    )
    name = models.CharField(_("shop name"), max_length=100)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Asia/Tokyo", validators=[_known_zone]
    )
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    locale = models.CharField(_("language"), max_length=5, default="ja")
    # The named person whose character shows (共感), and what the law asks to be shown.
    keeper_name = models.CharField(_("name of the person who writes"), max_length=100, blank=True)
    keeper_title = models.CharField(_("role of that person"), max_length=50, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    postal_address = models.CharField(_("postal address"), max_length=300, blank=True)
    privacy_url = models.URLField(_("page on personal data"), blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Membership(models.Model):
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class ApiKey(models.Model):
    """A shop's key to the API. Only its SHA-256 is kept: the key is shown once."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest(key: str) -> str:
        # A plain hash is enough: the key itself is 256 random bits.
        return hashlib.sha256(key.encode()).hexdigest()
