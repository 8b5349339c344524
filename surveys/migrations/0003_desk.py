from django.db import migrations


class Migration(migrations.Migration):
    """What staff see of surveys before and after they go out."""

    dependencies = [("surveys", "0002_walls")]

    operations = []
