from django.db import migrations

from crm.migrations import _search


class Migration(migrations.Migration):
    """Finding people by any part of their name: its functions and its index."""

    dependencies = [("crm", "0002_walls")]

    operations = [migrations.RunSQL(_search.CREATE, _search.DROP)]
