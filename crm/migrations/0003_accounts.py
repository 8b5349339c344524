from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts, invitations of colleagues, and the record of what mattered."""

    dependencies = [("crm", "0002_walls")]

    operations = [
        migrations.AddField(
            "user",
            "locale",
            models.CharField("language", max_length=5, blank=True, default="", db_default=""),
        ),
    ]
