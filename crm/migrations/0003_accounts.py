import uuid
from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from crm.tenancy.operations import RaiseWalls

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
ROLES = [("owner", "Owner"), ("manager", "Manager"), ("staff", "Staff"), ("viewer", "Viewer")]
ONE_LINE = django.core.validators.RegexValidator(
    r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z", "Please write this on one line."
)


def confirm_addresses(apps: Any, schema_editor: Any) -> None:
    """Who signed in before addresses were confirmed need not confirm theirs now."""
    address = apps.get_model("account", "EmailAddress").objects.using(
        schema_editor.connection.alias
    )
    for user in apps.get_model("crm", "User").objects.using(schema_editor.connection.alias):
        address.create(user_id=user.pk, email=user.email, verified=True, primary=True)


class Migration(migrations.Migration):
    """Accounts, invitations of colleagues, and the record of what mattered."""

    dependencies = [
        ("crm", "0002_walls"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.AddField(
            "user",
            "locale",
            models.CharField("language", max_length=5, blank=True, default="", db_default=""),
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=254)),
                ("about", models.CharField(blank=True, max_length=254)),
                ("details", models.JSONField(default=dict)),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("shop"), models.F("id"), name="audit_recent")]
            },
        ),
        migrations.CreateModel(
            name="MemberInvitation",
            fields=[
                ("id", ID),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(choices=ROLES, max_length=10, verbose_name="role"),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("shop", "email"),
                        name="one_open_invitation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "manager", "staff", "viewer"])),
                        name="invitation_role",
                    ),
                ],
            },
        ),
        RaiseWalls("auditentry", "memberinvitation"),
        migrations.CreateModel(
            name="AccountEntry",
            fields=[
                ("id", ID),
                ("act", models.CharField(max_length=40)),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("user_id", models.BigIntegerField(null=True)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("about", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("user_id"), models.F("id"), name="account_entry_recent")
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountMail",
            fields=[
                ("id", ID),
                ("to_address", models.CharField(max_length=254)),
                ("reply_to", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("message_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("tries", models.SmallIntegerField(db_default=0, default=0)),
            ],
            options={
                "indexes": [models.Index(models.F("due_at"), name="account_mail_due")],
            },
        ),
        migrations.AddField(
            "apikey",
            "scope",
            models.CharField(
                choices=[("read", "Read"), ("write", "Read and write")],
                db_default="read",
                default="read",
                max_length=10,
                verbose_name="what it may do",
            ),
        ),
        migrations.AddConstraint(
            "apikey",
            models.CheckConstraint(
                condition=models.Q(("scope__in", ["read", "write"])), name="api_key_scope"
            ),
        ),
        migrations.CreateModel(
            name="ApiKeyUse",
            fields=[
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="use",
                        serialize=False,
                        to="crm.apikey",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        *(
            migrations.AlterField(
                model,
                field,
                models.CharField(
                    words,
                    max_length=longest,
                    blank=field != "name" or model == "user",
                    validators=[ONE_LINE],
                ),
            )
            for model, field, words, longest in [
                ("user", "name", "name", 100),
                ("shop", "name", "shop name", 100),
                ("shop", "keeper_name", "name of the person who writes", 100),
                ("shop", "keeper_title", "role of that person", 50),
                ("shop", "postal_address", "postal address", 300),
            ]
        ),
        migrations.RunPython(confirm_addresses, migrations.RunPython.noop),
    ]
