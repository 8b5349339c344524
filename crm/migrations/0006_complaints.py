from django.db import migrations


class Migration(migrations.Migration):
    """Complaints as cases, and finding people."""

    dependencies = [("crm", "0005_suggestions")]

    operations = []
