from django.db import migrations

from crm.tenancy.operations import RaiseWalls


class Migration(migrations.Migration):
    """The walls between shops, around every table that carries shop_id."""

    dependencies = [("crm", "0001_foundation")]

    operations = [
        RaiseWalls(
            "customer",
            "importrun",
            "purchase",
            "mail",
            "note",
            "memberinvitation",
            "mailevent",
            "mailcontent",
            "keptfigures",
            "importpiece",
            "importnote",
            "guardsettings",
            "guarddecision",
            "erasedkey",
            "datedyardstick",
            "customeridentity",
            "consent",
            "complaint",
            "auditentry",
            "assessmentlog",
            "apireply",
            "stagesettings",
            "stagespell",
            "suppression",
            "touchpoint",
            "suggestion",
            "acknowledgement",
            "touchpointtext",
            "relationship",
            "purchaseline",
        ),
    ]
