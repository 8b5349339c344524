from django.db import migrations


class Migration(migrations.Migration):
    """Imports in the browser."""

    dependencies = [("crm", "0003_accounts")]

    operations = []
