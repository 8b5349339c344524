import datetime
import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import crm.shops.models
import crm.tenancy.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*\\Z",
                                "Please write this on one line.",
                            )
                        ],
                        verbose_name="name",
                    ),
                ),
                (
                    "locale",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=5, verbose_name="language"
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "joined_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "Read"), ("write", "Read and write")],
                        db_default="read",
                        default="read",
                        max_length=10,
                        verbose_name="what it may do",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["read", "write"])), name="api_key_scope"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Shop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^(?!new$)[a-z0-9][a-z0-9-]*$")
                        ],
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*\\Z",
                                "Please write this on one line.",
                            )
                        ],
                        verbose_name="shop name",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="Asia/Tokyo",
                        max_length=50,
                        validators=[crm.shops.models._known_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="JPY", max_length=3, verbose_name="currency"),
                ),
                ("locale", models.CharField(default="ja", max_length=5, verbose_name="language")),
                (
                    "keeper_name",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*\\Z",
                                "Please write this on one line.",
                            )
                        ],
                        verbose_name="name of the person who writes",
                    ),
                ),
                (
                    "keeper_title",
                    models.CharField(
                        blank=True,
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*\\Z",
                                "Please write this on one line.",
                            )
                        ],
                        verbose_name="role of that person",
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="contact address"),
                ),
                (
                    "postal_address",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*\\Z",
                                "Please write this on one line.",
                            )
                        ],
                        verbose_name="postal address",
                    ),
                ),
                ("privacy_url", models.URLField(blank=True, verbose_name="page on personal data")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccountEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="ApiPace",
            fields=[
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pace",
                        serialize=False,
                        to="crm.apikey",
                    ),
                ),
                ("whole_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "kana",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="reading of the name"
                    ),
                ),
                (
                    "email",
                    models.CharField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("email_norm", models.CharField(blank=True, max_length=254)),
                ("locale", models.CharField(blank=True, max_length=5, verbose_name="language")),
                ("is_contactable", models.BooleanField(default=True)),
                ("quiet_until", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "merged_into",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("email_norm"),
                        models.F("id"),
                        condition=models.Q(("email_norm", ""), _negated=True),
                        name="customer_email",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("merged_into"),
                        condition=models.Q(("merged_into__isnull", False)),
                        name="customer_merged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("customers", "Customers"), ("orders", "Orders")], max_length=10
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("auto", "Recognise by the header"),
                            ("generic", "Horetsu's own column names, or a mapping"),
                            ("eccube", "EC-CUBE 4"),
                            ("shopify", "Shopify"),
                            ("base", "BASE"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("mapping", models.JSONField(default=dict)),
                ("date_format", models.CharField(blank=True, max_length=100)),
                ("header", models.JSONField(default=list)),
                ("header_fingerprint", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("encoding", models.CharField(max_length=20)),
                ("lost_characters", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Columns to be named"),
                            ("examining", "Being looked through"),
                            ("ready", "Ready to be taken in"),
                            ("queued", "Waiting its turn"),
                            ("underway", "Underway"),
                            ("done", "Done"),
                            ("failed", "Could not be read"),
                            ("cancelled", "Given up"),
                        ],
                        default="underway",
                        max_length=10,
                    ),
                ),
                ("refusal", models.CharField(blank=True, default="", max_length=30)),
                ("refusal_detail", models.TextField(blank=True, default="")),
                ("forecast", models.JSONField(default=dict)),
                ("cursor", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("source"),
                        models.F("kind"),
                        models.F("id"),
                        name="import_run_latest",
                    ),
                    models.Index(
                        models.F("shop"), models.F("sha256"), models.F("id"), name="import_run_same"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["customers", "orders"])),
                        name="import_run_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("format__in", ["auto", "generic", "eccube", "shopify", "base"])
                        ),
                        name="import_run_format",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "uploaded",
                                    "examining",
                                    "ready",
                                    "queued",
                                    "underway",
                                    "done",
                                    "failed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="import_run_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=100)),
                ("ordered_at", models.DateTimeField()),
                ("total", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("placed", "Placed"),
                            ("paid", "Paid"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("cancelled", "Cancelled"),
                            ("returned", "Returned"),
                            ("test", "Test order"),
                            ("sample", "Sample, reshipment or exchange"),
                        ],
                        default="placed",
                        max_length=10,
                    ),
                ),
                ("voided_at", models.DateTimeField(null=True)),
                ("refunded", models.BigIntegerField(default=0)),
                ("refunded_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("subscription_id", models.CharField(blank=True, max_length=100)),
                ("subscription_no", models.IntegerField(null=True)),
                ("subscription_agreed", models.SmallIntegerField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("customer"),
                        models.F("ordered_at"),
                        name="purchase_customer",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("ordered_at"),
                        models.F("id"),
                        name="purchase_recent",
                    ),
                    models.Index(models.F("shop"), models.F("external_id"), name="purchase_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "source", "external_id"), name="purchase_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "placed",
                                    "paid",
                                    "shipped",
                                    "delivered",
                                    "cancelled",
                                    "returned",
                                    "test",
                                    "sample",
                                ],
                            )
                        ),
                        name="purchase_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total__gte", 0), ("refunded__gte", 0)),
                        name="purchase_amounts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("expectation", "Asked what was expected"),
                            ("evaluation", "Asked how it was"),
                            ("nps", "Asked about introducing us"),
                            ("new_link", "A new link, at the customer's own request"),
                            ("reply", "An answer to what the customer said or did"),
                            ("recovery", "An answer to a complaint"),
                            ("follow_up", "Follow-up letter"),
                        ],
                        max_length=20,
                    ),
                ),
                ("to_address", models.CharField(max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("accepted", "Has been sent"),
                            ("delivered", "Arrived"),
                            ("bounced", "Came back"),
                            ("complained", "Reported as unwanted"),
                            ("blocked", "Refrained from"),
                            ("cancelled", "Called off"),
                            ("unknown", "Unclear whether it arrived"),
                        ],
                        default="due",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("message_id", models.UUIDField(default=uuid.uuid4)),
                ("dedup_key", models.CharField(max_length=100)),
                ("tries", models.SmallIntegerField(default=0)),
                ("sending_since", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="crm.customer",
                    ),
                ),
                (
                    "purchase",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="crm.purchase",
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
                "indexes": [
                    models.Index(
                        models.F("shop"), models.F("customer"), models.F("id"), name="mail_customer"
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("purchase"),
                        condition=models.Q(("purchase__isnull", False)),
                        name="mail_purchase",
                    ),
                    models.Index(models.F("shop"), models.F("id"), name="mail_recent"),
                    models.Index(
                        models.F("shop"),
                        models.F("due_at"),
                        condition=models.Q(("reason", "sender_refused"), ("state", "due")),
                        name="mail_refused",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "dedup_key"), name="mail_once"),
                    models.UniqueConstraint(fields=("shop", "message_id"), name="mail_message_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "due",
                                    "sending",
                                    "accepted",
                                    "delivered",
                                    "bounced",
                                    "complained",
                                    "blocked",
                                    "cancelled",
                                    "unknown",
                                ],
                            )
                        ),
                        name="mail_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "expectation",
                                    "evaluation",
                                    "nps",
                                    "new_link",
                                    "reply",
                                    "recovery",
                                    "follow_up",
                                ],
                            )
                        ),
                        name="mail_purpose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeriodDone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("day", models.DateField()),
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
                    models.UniqueConstraint(fields=("kind", "shop", "day"), name="period_done_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("note", "Note"), ("response", "Our response")],
                        default="note",
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(max_length=100)),
                ("thread", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(
                        models.F("shop"), models.F("customer"), models.F("at"), name="note_customer"
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("thread"),
                        condition=models.Q(("thread", ""), _negated=True),
                        name="note_thread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "source"), name="note_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["note", "response"])), name="note_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("staff", "Staff"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("wants_digest", models.BooleanField(db_default=True, default=True)),
                ("digested_on", models.DateField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="crm.shop",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "user"), name="membership_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "manager", "staff", "viewer"])),
                        name="membership_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("staff", "Staff"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                        verbose_name="role",
                    ),
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
        migrations.CreateModel(
            name="MailEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                ("event_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=40)),
                ("code", models.SmallIntegerField(null=True)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "mail",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="crm.mail",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("mail"), name="mail_event_mail")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "provider", "event_id"), name="mail_event_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailContent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("sender_name", models.CharField(blank=True, max_length=100)),
                ("personal_hash", models.CharField(blank=True, max_length=64)),
                (
                    "mail",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="content",
                        to="crm.mail",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("mail"), name="mail_content_shop"),
                    models.Index(
                        models.F("shop"),
                        models.F("personal_hash"),
                        condition=models.Q(("personal_hash", ""), _negated=True),
                        name="mail_content_personal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("until_on", models.DateField()),
                ("numbers", models.JSONField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                    models.UniqueConstraint(fields=("shop", "days"), name="figures_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("content", models.BinaryField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "run",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="crm.importrun",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("created_at"), name="import_piece_age")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "run", "position"), name="import_piece_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.IntegerField()),
                ("code", models.CharField(max_length=40)),
                ("is_left_out", models.BooleanField()),
                ("column", models.CharField(blank=True, max_length=200)),
                ("value", models.CharField(blank=True, max_length=200)),
                ("raw", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "run",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="crm.importrun",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("created_at"), name="import_note_age")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "run", "line", "code"), name="import_note_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuardSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "distance_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="days between contacts",
                    ),
                ),
                (
                    "budget",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="contacts in a quarter",
                    ),
                ),
                (
                    "night_from",
                    models.TimeField(default=datetime.time(21, 0), verbose_name="no mail from"),
                ),
                (
                    "night_until",
                    models.TimeField(default=datetime.time(8, 0), verbose_name="until"),
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
                    models.UniqueConstraint(fields=("shop",), name="guard_settings_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="GuardDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("expectation", "Asked what was expected"),
                            ("evaluation", "Asked how it was"),
                            ("nps", "Asked about introducing us"),
                            ("new_link", "A new link, at the customer's own request"),
                            ("reply", "An answer to what the customer said or did"),
                            ("recovery", "An answer to a complaint"),
                            ("follow_up", "Follow-up letter"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("insert", "A note in the parcel"),
                            ("letter", "A letter by hand"),
                            ("phone", "A call"),
                        ],
                        default="mail",
                        max_length=10,
                    ),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("planning", "When it was planned"),
                            ("sending", "When it was to be sent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("allow", "May be sent"),
                            ("hold", "Wait for now"),
                            ("block", "Refrain"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("fine", "Nothing speaks against it."),
                            ("erased", "The person's data were erased."),
                            ("no_address", "We have no address to write to."),
                            ("masked_address", "The address belongs to a marketplace, not to us."),
                            (
                                "suppressed",
                                "The person asked us to stop, or the address does not exist.",
                            ),
                            ("refused", "The person does not wish for this kind of mail."),
                            ("no_consent", "The person has not asked for letters from us."),
                            (
                                "no_sender",
                                "The settings do not yet say who writes, and from where.",
                            ),
                            ("stage_forbids", "It is too early for this question."),
                            ("measure_forbidden", "These words do not suit the relationship yet."),
                            (
                                "sells",
                                "It offers something, and the person has not asked for offers.",
                            ),
                            ("too_close", "To be reached this way would come too close for now."),
                            (
                                "asked_once",
                                "We have asked about this order once; silence is an answer.",
                            ),
                            ("nps_this_year", "We asked this within the last year."),
                            ("order_void", "The order was cancelled or returned."),
                            ("recovery_first", "Something is unresolved; that comes first."),
                            ("left_quiet", "The person asked to be left quiet for a while."),
                            ("distance", "The last contact was only a few days ago."),
                            ("budget", "There have been enough contacts for now."),
                            ("night", "It is night; the mail waits for the morning."),
                        ],
                        max_length=30,
                    ),
                ),
                ("until_at", models.DateTimeField(null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "decided_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guard_decisions",
                        to="crm.customer",
                    ),
                ),
                (
                    "mail",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guard_decisions",
                        to="crm.mail",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("customer"),
                        models.F("decided_at"),
                        name="guard_customer",
                    ),
                    models.Index(models.F("shop"), models.F("mail"), name="guard_mail"),
                    models.Index(models.F("shop"), models.F("decided_at"), name="guard_recent"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moment__in", ["planning", "sending"])),
                        name="guard_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["allow", "hold", "block"])),
                        name="guard_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "fine",
                                    "erased",
                                    "no_address",
                                    "masked_address",
                                    "suppressed",
                                    "refused",
                                    "no_consent",
                                    "no_sender",
                                    "stage_forbids",
                                    "measure_forbidden",
                                    "sells",
                                    "too_close",
                                    "asked_once",
                                    "nps_this_year",
                                    "order_void",
                                    "recovery_first",
                                    "left_quiet",
                                    "distance",
                                    "budget",
                                    "night",
                                ],
                            )
                        ),
                        name="guard_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["mail", "insert", "letter", "phone"])),
                        name="guard_channel",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasedKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_hmac", models.CharField(max_length=64)),
                ("erased_at", models.DateTimeField()),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("customer"), name="erased_key_customer")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "key_hmac"), name="erased_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DatedYardstick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("version", models.CharField(max_length=20)),
                ("rhythm_days", models.FloatField(null=True)),
                (
                    "recency_cuts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), null=True, size=4
                    ),
                ),
                (
                    "orders_cuts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), null=True, size=4
                    ),
                ),
                (
                    "spent_cuts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), null=True, size=4
                    ),
                ),
                (
                    "dwell_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(null=True), size=4
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
                        fields=("shop", "day", "version"), name="yardstick_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=100)),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("customer"), name="identity_customer"),
                    models.Index(models.F("shop"), models.F("external_id"), name="identity_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "source", "external_id"), name="identity_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("survey", "Survey about one's own order"),
                            ("follow_up", "Follow-up letter"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("given", "Given"), ("refused", "Refused")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                ("evidence", models.JSONField(default=dict)),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("customer"),
                        models.F("purpose"),
                        models.F("at"),
                        name="consent_latest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["survey", "follow_up"])),
                        name="consent_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["given", "refused"])),
                        name="consent_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("thread", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for our answer"),
                            ("answered", "Answered, not settled"),
                            ("closed", "Settled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quality", "Quality"),
                            ("price", "Price"),
                            ("response", "The shop's response"),
                            ("delivery", "Delivery"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="complaints",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("customer"), name="complaint_customer"),
                    models.Index(
                        models.F("shop"),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "closed"), _negated=True),
                        name="complaint_due",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("closed_at"),
                        models.F("id"),
                        condition=models.Q(("state", "closed")),
                        name="complaint_closed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "thread"), name="complaint_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "answered", "closed"])),
                        name="complaint_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("theme__in", ["", "quality", "price", "response", "delivery", "other"])
                        ),
                        name="complaint_theme",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="complaint_closed_at",
                    ),
                ],
            },
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
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                "indexes": [models.Index(models.F("shop"), models.F("id"), name="audit_recent")],
            },
        ),
        migrations.CreateModel(
            name="AssessmentLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("stage", models.SmallIntegerField()),
                ("since_on", models.DateField()),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("gates", models.JSONField()),
                ("facts", models.JSONField()),
                ("review_on", models.DateField(null=True)),
                ("version", models.CharField(max_length=20)),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("customer"),
                        models.F("id"),
                        name="assessment_customer",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", [0, 1, 2, 3, 4])), name="assessment_stage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "marks__contained_by",
                                [
                                    "recovery_first",
                                    "stalled",
                                    "dormant",
                                    "quiet_regular",
                                    "about_to_lapse",
                                ],
                            )
                        ),
                        name="assessment_marks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("request_sha256", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField()),
                ("body", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                "indexes": [
                    models.Index(models.F("shop"), models.F("created_at"), name="api_reply_age")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "key"), name="api_reply_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="apikey",
            name="shop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="api_keys", to="crm.shop"
            ),
        ),
        migrations.CreateModel(
            name="StageSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("numbers", models.JSONField(default=dict)),
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
                    models.UniqueConstraint(fields=("shop",), name="stage_settings_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StageSpell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.SmallIntegerField()),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(null=True)),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stage_spells",
                        to="crm.customer",
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
                        fields=("shop", "customer", "from_on"), name="stage_spell_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", [0, 1, 2, 3, 4])), name="stage_spell_stage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("to_on__gt", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="stage_spell_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address_hmac", models.CharField(max_length=64)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "Every mail of the shop"),
                            ("survey", "Surveys"),
                            ("follow_up", "Follow-up letters"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "Asked us to stop"),
                            ("bounced", "The address does not exist"),
                            ("complained", "Reported as unwanted"),
                            ("erased", "Was erased on request"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
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
                        fields=("shop", "address_hmac", "scope"), name="suppression_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["all", "survey", "follow_up"])),
                        name="suppression_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["unsubscribed", "bounced", "complained", "erased"])
                        ),
                        name="suppression_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Touchpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("expectation", "Expectation"),
                            ("evaluation", "Evaluation"),
                            ("perceived", "Compared with what was expected"),
                            ("nps", "Likelihood to introduce us"),
                            ("letter", "Letter"),
                            ("inquiry", "Inquiry"),
                            ("reply", "Reply"),
                            ("review", "Review"),
                            ("event", "Joined an event"),
                            ("idea", "Sent an idea or a picture"),
                            ("community", "Wrote in the community"),
                            ("share", "Told others in public"),
                            ("referral", "Introduced somebody"),
                            ("complaint", "Complaint"),
                            ("complaint_closed", "Complaint settled"),
                            ("complaint_reopened", "Complaint taken up again"),
                            ("recovery", "Impression after our response"),
                            ("subscription_left", "Left a subscription"),
                            ("unsubscribed", "Asked us to stop writing"),
                            ("our_letter", "Letter from us"),
                            ("our_call", "Call from us"),
                            ("our_insert", "Our note in the parcel"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("source", models.CharField(max_length=100)),
                ("value", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("words_len", models.IntegerField(default=0)),
                ("words_is_ja", models.BooleanField(default=False)),
                ("stars", models.SmallIntegerField(null=True)),
                ("is_rewarded", models.BooleanField(default=False)),
                ("is_public", models.BooleanField(default=False)),
                ("response", models.CharField(blank=True, max_length=100)),
                ("thread", models.CharField(blank=True, max_length=100)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("counts", "Counts"),
                            ("shown", "Shown, not counted"),
                            ("suspected", "Probably a machine's; left out"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="counts",
                        max_length=10,
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "By telephone"),
                            ("mail", "By e-mail"),
                            ("paper", "On paper"),
                            ("store", "In the shop"),
                            ("site", "On our site"),
                            ("marketplace", "On a marketplace"),
                            ("social", "On social media"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touchpoints",
                        to="crm.customer",
                    ),
                ),
                (
                    "other_customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.customer",
                    ),
                ),
                (
                    "purchase",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touchpoints",
                        to="crm.purchase",
                    ),
                ),
                (
                    "replaces",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.touchpoint",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("customer"),
                        models.F("at"),
                        name="touchpoint_customer",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("purchase"),
                        condition=models.Q(("purchase__isnull", False)),
                        name="touchpoint_purchase",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("other_customer"),
                        condition=models.Q(("other_customer__isnull", False)),
                        name="touchpoint_other",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("replaces"),
                        condition=models.Q(("replaces__isnull", False)),
                        name="touchpoint_replaces",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("thread"),
                        condition=models.Q(("thread", ""), _negated=True),
                        name="touchpoint_thread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "source"), name="touchpoint_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "expectation",
                                    "evaluation",
                                    "perceived",
                                    "nps",
                                    "letter",
                                    "inquiry",
                                    "reply",
                                    "review",
                                    "event",
                                    "idea",
                                    "community",
                                    "share",
                                    "referral",
                                    "complaint",
                                    "complaint_closed",
                                    "complaint_reopened",
                                    "recovery",
                                    "subscription_left",
                                    "unsubscribed",
                                    "our_letter",
                                    "our_call",
                                    "our_insert",
                                ],
                            )
                        ),
                        name="touchpoint_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("standing__in", ["counts", "shown", "suspected", "withdrawn"])
                        ),
                        name="touchpoint_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "medium__in",
                                [
                                    "",
                                    "phone",
                                    "mail",
                                    "paper",
                                    "store",
                                    "site",
                                    "marketplace",
                                    "social",
                                ],
                            )
                        ),
                        name="touchpoint_medium",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("play", models.CharField(max_length=50)),
                ("spell_from_on", models.DateField()),
                ("evidence", models.JSONField(default=dict)),
                (
                    "rank",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Solve it first"),
                            (1, "Not yet thanked"),
                            (2, "Words waiting for a reply"),
                            (3, "Gone quiet"),
                            (4, "A word at the right time"),
                            (9, "Left in peace"),
                        ],
                        default=4,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("dismissed", "Set aside"),
                            ("expired", "Overtaken by events"),
                            ("done", "Done"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("is_timely", models.BooleanField(default=True)),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_on", models.DateField(null=True)),
                ("put_off_until", models.DateTimeField(null=True)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("opening", models.TextField(blank=True)),
                ("personal", models.TextField(blank=True)),
                ("closing", models.TextField(blank=True)),
                ("revision", models.IntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("note", models.TextField(blank=True)),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="crm.customer",
                    ),
                ),
                (
                    "mail",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="suggestions",
                        to="crm.mail",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                (
                    "about",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="crm.touchpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.OrderBy(models.F("is_timely"), descending=True),
                        models.F("rank"),
                        models.F("id"),
                        condition=models.Q(("state", "proposed")),
                        name="suggestion_open",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("state"),
                        models.F("id"),
                        name="suggestion_by_state",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("settled_at"),
                        condition=models.Q(("settled_at__isnull", False)),
                        name="suggestion_settled",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("mail"),
                        condition=models.Q(("mail__isnull", False)),
                        name="suggestion_mail",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("about"),
                        condition=models.Q(("about__isnull", False)),
                        name="suggestion_about",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "customer", "play", "spell_from_on", "about"),
                        name="suggestion_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["approved", "proposed"])),
                        fields=("shop", "customer"),
                        name="suggestion_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "approved", "dismissed", "expired", "done"])
                        ),
                        name="suggestion_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mail", "E-mail"),
                            ("insert", "A note in the parcel"),
                            ("letter", "A letter by hand"),
                            ("phone", "A call"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                (
                    "suggestion",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="crm.suggestion",
                    ),
                ),
                (
                    "touchpoint",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgement",
                        to="crm.touchpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"), models.F("touchpoint"), name="acknowledgement_fact"
                    ),
                    models.Index(
                        models.F("shop"), models.F("suggestion"), name="acknowledgement_suggestion"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["", "mail", "insert", "letter", "phone"])
                        ),
                        name="acknowledgement_channel",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TouchpointText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
                (
                    "touchpoint",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_row",
                        to="crm.touchpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"), models.F("touchpoint"), name="touchpoint_text_shop"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("ref", models.BigIntegerField()),
                ("seq", models.BigIntegerField(db_default=1, default=1)),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("claim", models.BigIntegerField(db_default=0, default=0)),
                ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                ("parked_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(db_default="", default="")),
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
                "indexes": [
                    models.Index(
                        models.F("kind"),
                        models.F("shop"),
                        models.F("due_at"),
                        condition=models.Q(("parked_at", None)),
                        name="work_due",
                    ),
                    models.Index(
                        models.F("shop"),
                        condition=models.Q(("parked_at", None), _negated=True),
                        name="work_parked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "kind", "ref"), name="work_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.SmallIntegerField()),
                ("since_on", models.DateField()),
                ("peak", models.SmallIntegerField()),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("direction", models.CharField(default="quiet", max_length=10)),
                ("balance", models.CharField(blank=True, max_length=12)),
                ("orders", models.IntegerField()),
                ("spent", models.BigIntegerField()),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("gates", models.JSONField()),
                ("review_on", models.DateField(null=True)),
                ("remark_on", models.DateField(null=True)),
                ("turn_on", models.DateField(null=True)),
                ("version", models.CharField(max_length=20)),
                (
                    "customer",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relationship",
                        to="crm.customer",
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
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("stage"),
                        models.F("customer"),
                        name="relationship_stage_ix",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.OrderBy(models.F("last_on"), descending=True),
                        models.OrderBy(models.F("customer"), descending=True),
                        name="relationship_last",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.OrderBy(models.F("since_on"), descending=True),
                        models.OrderBy(models.F("customer"), descending=True),
                        name="relationship_since",
                    ),
                    models.Index(models.F("shop"), models.F("spent"), name="relationship_spent"),
                    models.Index(
                        models.F("shop"),
                        models.F("review_on"),
                        condition=models.Q(("review_on__isnull", False)),
                        name="relationship_review",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("remark_on"),
                        condition=models.Q(("remark_on__isnull", False)),
                        name="relationship_remark",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("turn_on"),
                        condition=models.Q(("turn_on__isnull", False)),
                        name="relationship_turn",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", [0, 1, 2, 3, 4])),
                        name="relationship_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("peak__in", [0, 1, 2, 3, 4])), name="relationship_peak"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "marks__contained_by",
                                [
                                    "recovery_first",
                                    "stalled",
                                    "dormant",
                                    "quiet_regular",
                                    "about_to_lapse",
                                ],
                            )
                        ),
                        name="relationship_marks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("direction__in", ["warming", "steady", "quiet", "cooling"])
                        ),
                        name="relationship_direction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("balance__in", ["", "dissatisfied", "satisfied", "delighted"])
                        ),
                        name="relationship_balance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("product", models.CharField(max_length=300)),
                ("code", models.CharField(blank=True, max_length=100)),
                ("quantity", models.IntegerField(default=1)),
                ("unit_price", models.BigIntegerField(null=True)),
                (
                    "purchase",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="crm.purchase",
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
                        fields=("shop", "purchase", "position"), name="purchase_line_once"
                    )
                ],
            },
        ),
    ]
