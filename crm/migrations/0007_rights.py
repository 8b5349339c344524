import django.db.models.deletion
from django.db import migrations, models

import crm.tenancy.models
from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """The rights of people."""

    dependencies = [("crm", "0006_complaints")]

    operations = [
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
        RaiseWalls("erasedkey"),
    ]
