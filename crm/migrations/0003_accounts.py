import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """Accounts, invitations of colleagues, and the record of what mattered."""

    dependencies = [("crm", "0002_walls")]

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
        RaiseWalls("auditentry"),
    ]
