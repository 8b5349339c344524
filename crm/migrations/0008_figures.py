import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """Figures kept for the dashboard."""

    dependencies = [("crm", "0007_rights")]

    operations = [
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
        RaiseWalls("KeptFigures"),
    ]
