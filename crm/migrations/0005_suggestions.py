from django.db import migrations


class Migration(migrations.Migration):
    """Suggestions that people settle."""

    dependencies = [("crm", "0004_imports")]

    operations = []
