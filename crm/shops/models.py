import hashlib
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.shops.enums import AccountAct, Act, Role, Scope
from crm.shops.zones import is_zone
from crm.tenancy.models import TenantModel

# These stand in the headers and in the plain text of mails, where a line end begins a new
# header, or a signature of somebody else's.
ONE_LINE = RegexValidator(
    r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z", _("Please write this on one line.")
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None) -> "User":
        """A user made by hand, who signs in with this address; without a password, not yet.

        Whoever makes one vouches for the address: it counts as confirmed. Those who sign up
        by themselves come another way and confirm theirs (crm/shops/accounts).
        """
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        user.emailaddress_set.create(  # type: ignore[attr-defined]
            email=user.email, verified=True, primary=True
        )
        return user


class User(AbstractBaseUser):
    """A person who works in shops. Signs in by address; belongs to shops by membership."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True, validators=[ONE_LINE])
    # The language of pages and of mail to this person, their own choice; empty: the browser's.
    locale = models.CharField(_("language"), max_length=5, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


def _known_zone(name: str) -> None:
    if not is_zone(name):
        raise ValidationError(_("There is no time zone of this name."))


class Shop(models.Model):
    """A tenant. Who it is to its customers stands here; each room keeps its own settings."""

    slug = models.SlugField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^(?!new$)[a-z0-9][a-z0-9-]*$")],
    )
    name = models.CharField(_("shop name"), max_length=100, validators=[ONE_LINE])
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Asia/Tokyo", validators=[_known_zone]
    )
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    locale = models.CharField(_("language"), max_length=5, default="ja")
    # The named person whose character shows (共感), and what the law asks to be shown.
    keeper_name = models.CharField(
        _("name of the person who writes"), max_length=100, blank=True, validators=[ONE_LINE]
    )
    keeper_title = models.CharField(
        _("role of that person"), max_length=50, blank=True, validators=[ONE_LINE]
    )
    contact_email = models.EmailField(_("contact address"), blank=True)
    postal_address = models.CharField(
        _("postal address"), max_length=300, blank=True, validators=[ONE_LINE]
    )
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
    wants_digest = models.BooleanField(default=True, db_default=True)  # the morning's letter
    digested_on = models.DateField(null=True)  # the day of the last one

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
    scope = models.CharField(
        _("what it may do"), max_length=10, choices=Scope, default=Scope.READ, db_default=Scope.READ
    )
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="api_key_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest(key: str) -> str:
        # A plain hash is enough: the key itself is 256 random bits.
        return hashlib.sha256(key.encode()).hexdigest()


class AuditEntry(TenantModel):
    """One thing that mattered in a shop, and who did it. Rows are added and never touched again."""

    act = models.CharField(max_length=40)  # an Act; a new one needs no migration
    at = models.DateTimeField(db_default=Now())
    # No foreign key and a name as it was: an entry outlives the person who acted.
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=254, blank=True)
    about = models.CharField(max_length=254, blank=True)  # such as "customer:42"
    details = models.JSONField(default=dict)

    changeable = ()
    is_removable = False

    class Meta:
        indexes = [models.Index(F("shop"), F("id"), name="audit_recent")]

    def __str__(self) -> str:
        return f"{self.act} {self.about}".strip()

    @property
    def title(self) -> str:
        """What was done, in the reader's language."""
        return str(Act(self.act).label) if self.act in Act.values else self.act

    @property
    def said(self) -> str:
        """Its details in words: roles, and columns of the shop, by what people call them."""
        named = {**dict(Role.choices), **dict(Scope.choices)}
        columns = {field.name: field.verbose_name for field in Shop._meta.fields}
        words = []
        for name, value in self.details.items():
            if name == "fields":
                words += [str(columns.get(each, each)) for each in value]
            else:
                words.append(str(named.get(str(value), f"{name}: {value}")))
        return (" → " if "was" in self.details else ", ").join(words)


class ApiKeyUse(models.Model):
    """When a key was last shown to us, to the hour; apart, so that the key's row stays as it is."""

    key = models.OneToOneField(ApiKey, models.CASCADE, primary_key=True, related_name="use")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.key_id} {self.at}"


class MemberInvitation(TenantModel):
    """An open door for one colleague: by mail, once, for a week. Only its hash is kept."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    sha256 = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # accepted, or taken back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "email"], condition=Q(settled_at=None), name="one_open_invitation"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role"),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"


class AccountEntry(models.Model):
    """One thing that happened to a person's account. Rows are added and never touched again."""

    act = models.CharField(max_length=40)  # an AccountAct; a new one needs no migration
    at = models.DateTimeField(db_default=Now())
    # No foreign key: an entry outlives the account. None: nobody signs in with that address.
    user_id = models.BigIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    about = models.CharField(max_length=100, blank=True)

    changeable = ()
    is_removable = False

    class Meta:
        indexes = [models.Index(F("user_id"), F("id"), name="account_entry_recent")]

    def __str__(self) -> str:
        return self.act

    @property
    def title(self) -> str:
        """What happened, in the reader's language."""
        return str(AccountAct(self.act).label) if self.act in AccountAct.values else self.act
