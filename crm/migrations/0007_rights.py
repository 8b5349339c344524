from django.db import migrations


class Migration(migrations.Migration):
    """The rights of people."""

    dependencies = [("crm", "0006_complaints")]

    operations = []
