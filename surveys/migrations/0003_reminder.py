from django.db import migrations, models
from django.db.models import F, Q

from crm.tenancy.models import TenantForeignKey
from crm.tenancy.operations import TieToShop


class Migration(migrations.Migration):
    """Who did not answer may be reminded once."""

    dependencies = [("crm", "0004_reminder"), ("surveys", "0002_walls")]

    operations = [
        migrations.AddField("survey", "reminds", models.BooleanField(default=False)),
        migrations.AddField("invitation", "may_remind", models.BooleanField(default=False)),
        migrations.AddField(
            "invitation",
            "reminder",
            TenantForeignKey("crm.Mail", models.SET_NULL, null=True, related_name="reminded_of"),
        ),
        TieToShop("invitation", "reminder"),
        migrations.AddIndex(
            "invitation",
            models.Index(
                F("shop"),
                F("survey"),
                F("id"),
                name="invitation_to_remind",
                condition=Q(may_remind=True, reminder__isnull=True),
            ),
        ),
    ]
