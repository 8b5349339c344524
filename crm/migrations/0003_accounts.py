from django.db import migrations


class Migration(migrations.Migration):
    """Accounts, invitations of colleagues, and the record of what mattered."""

    dependencies = [("crm", "0002_walls")]

    operations = []
