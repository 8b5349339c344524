import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """What machines ask twice, and how often they may."""

    dependencies = [("crm", "0008_figures")]

    operations = [
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
        RaiseWalls("apireply"),
    ]
