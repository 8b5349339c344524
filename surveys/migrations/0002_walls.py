from django.db import migrations

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """The walls between shops, around every table that carries shop_id."""

    dependencies = [("surveys", "0001_surveys")]

    operations = [
        RaiseWalls(
            "invitation",
            "survey",
            "response",
            "surveyversion",
        ),
    ]
