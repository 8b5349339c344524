import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.tenancy.models
from crm.migrations import _search
from crm.tenancy.operations import RaiseWalls


def _id() -> models.BigAutoField:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def _shop() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="crm.shop",
    )


def _customer(related_name: str) -> crm.tenancy.models.TenantForeignKey:
    return crm.tenancy.models.TenantForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="crm.customer",
    )


def _user() -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


_IS_OPEN = models.Q(("state", "closed"), _negated=True)


class Migration(migrations.Migration):
    """Complaints as cases, and finding people."""

    dependencies = [("crm", "0005_suggestions")]

    operations = [
        # -- what is written down by hand ------------------------------------------------
        migrations.RemoveConstraint("touchpoint", "touchpoint_standing"),
        migrations.AlterField(
            "touchpoint",
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
        migrations.AddConstraint(
            "touchpoint",
            models.CheckConstraint(
                condition=models.Q(("standing__in", ["counts", "shown", "suspected", "withdrawn"])),
                name="touchpoint_standing",
            ),
        ),
        migrations.AddField(
            "touchpoint",
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
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "touchpoint",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "medium__in",
                        ["", "phone", "mail", "paper", "store", "site", "marketplace", "social"],
                    )
                ),
                name="touchpoint_medium",
            ),
        ),
        migrations.AddIndex(
            "touchpoint",
            models.Index(
                models.F("shop"),
                models.F("thread"),
                condition=models.Q(("thread", ""), _negated=True),
                name="touchpoint_thread",
            ),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", _id()),
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
                ("author", _user()),
                ("customer", _customer("notes")),
                ("shop", _shop()),
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
        # -- cases -------------------------------------------------------------------------
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", _id()),
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
                ("customer", _customer("complaints")),
                ("owner", _user()),
                ("shop", _shop()),
            ],
            options={
                "indexes": [
                    models.Index(models.F("shop"), models.F("customer"), name="complaint_customer"),
                    models.Index(
                        models.F("shop"),
                        models.F("due_at"),
                        models.F("id"),
                        condition=_IS_OPEN,
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
                            (
                                "theme__in",
                                ["", "quality", "price", "response", "delivery", "other"],
                            )
                        ),
                        name="complaint_theme",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(_IS_OPEN, ("closed_at__isnull", False), _connector="OR"),
                        name="complaint_closed_at",
                    ),
                ],
            },
        ),
        RaiseWalls("note", "complaint"),
        # -- finding people ------------------------------------------------------------------
        migrations.AddField(
            "relationship", "direction", models.CharField(default="quiet", max_length=10)
        ),
        migrations.AddField(
            "relationship",
            "balance",
            models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField("relationship", "turn_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "relationship",
            models.CheckConstraint(
                condition=models.Q(("direction__in", ["warming", "steady", "quiet", "cooling"])),
                name="relationship_direction",
            ),
        ),
        migrations.AddConstraint(
            "relationship",
            models.CheckConstraint(
                condition=models.Q(("balance__in", ["", "dissatisfied", "satisfied", "delighted"])),
                name="relationship_balance",
            ),
        ),
        migrations.RemoveIndex("relationship", "relationship_last"),
        migrations.AddIndex(
            "relationship",
            models.Index(
                models.F("shop"),
                models.OrderBy(models.F("last_on"), descending=True),
                models.OrderBy(models.F("customer"), descending=True),
                name="relationship_last",
            ),
        ),
        migrations.AddIndex(
            "relationship",
            models.Index(
                models.F("shop"),
                models.OrderBy(models.F("since_on"), descending=True),
                models.OrderBy(models.F("customer"), descending=True),
                name="relationship_since",
            ),
        ),
        migrations.AddIndex(
            "relationship",
            models.Index(
                models.F("shop"),
                models.F("turn_on"),
                condition=models.Q(("turn_on__isnull", False)),
                name="relationship_turn",
            ),
        ),
        migrations.AddIndex(
            "purchase",
            models.Index(models.F("shop"), models.F("external_id"), name="purchase_number"),
        ),
        migrations.AddIndex(
            "customeridentity",
            models.Index(models.F("shop"), models.F("external_id"), name="identity_number"),
        ),
        migrations.RunSQL(_search.CREATE, _search.DROP),
    ]
