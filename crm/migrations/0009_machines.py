from django.db import migrations


class Migration(migrations.Migration):
    """What machines ask twice."""

    dependencies = [("crm", "0008_figures")]

    operations = []
