import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import crm.tenancy.models
from crm.tenancy.operations import RaiseWalls

FORMATS = [
    ("auto", "Recognise by the header"),
    ("generic", "Horetsu's own column names, or a mapping"),
    ("eccube", "EC-CUBE 4"),
    ("shopify", "Shopify"),
    ("base", "BASE"),
]
STATES = [
    ("uploaded", "Columns to be named"),
    ("examining", "Being looked through"),
    ("ready", "Ready to be taken in"),
    ("queued", "Waiting its turn"),
    ("underway", "Underway"),
    ("done", "Done"),
    ("failed", "Could not be read"),
    ("cancelled", "Given up"),
]


class Migration(migrations.Migration):
    """Imports in the browser: a file waits for a person, and is kept in pieces."""

    dependencies = [("crm", "0003_accounts")]

    operations = [
        # The file in one row gives way to pieces, of which one at a time is in memory.
        migrations.DeleteModel("ImportFile"),
        migrations.CreateModel(
            "ImportPiece",
            [
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
                        "crm.importrun",
                        django.db.models.deletion.CASCADE,
                        db_constraint=False,
                        db_index=False,
                        related_name="pieces",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        "crm.shop",
                        django.db.models.deletion.CASCADE,
                        db_index=False,
                        related_name="+",
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
        RaiseWalls("importpiece"),
        migrations.RemoveConstraint("importrun", "import_run_format"),
        migrations.RemoveConstraint("importrun", "import_run_state"),
        migrations.AlterField(
            "importrun", "format", models.CharField(choices=FORMATS, max_length=10)
        ),
        migrations.AlterField(
            "importrun",
            "state",
            models.CharField(choices=STATES, default="underway", max_length=10),
        ),
        migrations.AddConstraint(
            "importrun",
            models.CheckConstraint(
                condition=models.Q(format__in=[format for format, _ in FORMATS]),
                name="import_run_format",
            ),
        ),
        migrations.AddConstraint(
            "importrun",
            models.CheckConstraint(
                condition=models.Q(state__in=[state for state, _ in STATES]),
                name="import_run_state",
            ),
        ),
        migrations.AddField(
            "importrun", "refusal", models.CharField(max_length=30, blank=True, default="")
        ),
        migrations.AddField(
            "importrun", "refusal_detail", models.TextField(blank=True, default="")
        ),
        migrations.AddField("importrun", "forecast", models.JSONField(default=dict)),
        migrations.AddField(
            "importrun",
            "started_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.SET_NULL,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddIndex(
            "importrun",
            models.Index(
                models.F("shop"), models.F("sha256"), models.F("id"), name="import_run_same"
            ),
        ),
    ]
