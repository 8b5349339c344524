from django.db import migrations

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """The walls between shops, around every table that carries shop_id."""

    dependencies = [("crm", "0001_foundation")]

    operations = [
        RaiseWalls(
            "customer",
            "customeridentity",
            "consent",
            "suppression",
            "purchase",
            "purchaseline",
            "suggestion",
            "mail",
            "mailcontent",
            "mailevent",
            "guardsettings",
            "guarddecision",
            "importrun",
            "importfile",
            "importnote",
            "touchpoint",
            "touchpointtext",
            "stagesettings",
            "datedyardstick",
            "relationship",
            "stagespell",
            "assessmentlog",
        ),
    ]
