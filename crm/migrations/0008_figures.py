from django.db import migrations


class Migration(migrations.Migration):
    """Figures kept for the dashboard."""

    dependencies = [("crm", "0007_rights")]

    operations = []
