from django.db import migrations, models
from django.db.models import Q

OCCASIONS = ["expectation", "evaluation", "perceived", "nps"]


class Migration(migrations.Migration):
    """What staff see of surveys before and after they go out."""

    dependencies = [("surveys", "0002_walls")]

    operations = [
        migrations.RemoveConstraint("invitation", "invitation_occasion"),
        migrations.AlterField(
            "invitation",
            "occasion",
            models.CharField(
                choices=[
                    ("expectation", "Before the delivery"),
                    ("evaluation", "After the delivery"),
                    ("perceived", "After the delivery, all in one"),
                    ("nps", "Once a year"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(condition=Q(occasion__in=OCCASIONS), name="invitation_occasion"),
        ),
        migrations.AddField("invitation", "stage", models.PositiveSmallIntegerField(default=0)),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                fields=["shop", "purchase"],
                name="invitation_after_once",
                condition=Q(occasion__in=["evaluation", "perceived"]),
            ),
        ),
    ]
