from django.db import migrations

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """The walls between shops, around every table that carries shop_id and more than an address."""

    dependencies = [("diagnosis", "0001_diagnosis")]

    operations = [RaiseWalls("quiz", "quizversion", "attempt", "lead")]
