from django.db import migrations, models
from django.db.models import F, Q

from crm.tenancy.models import TenantForeignKey
from crm.tenancy.operations import TieToShop

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
        *(
            migrations.AddField("survey", name, field)  # type: ignore[arg-type]
            for name, field in {
                "switched_off_at": models.DateTimeField(null=True),
                "was_on_since": models.DateTimeField(null=True),
                "hour_from": models.PositiveSmallIntegerField(default=9),
                "hour_until": models.PositiveSmallIntegerField(default=20),
                "repeat_days": models.PositiveSmallIntegerField(default=365),
            }.items()
        ),
        migrations.AddIndex(
            "invitation",
            models.Index(F("shop"), F("survey"), F("invited_at"), name="invitation_survey"),
        ),
        # A response knew its survey through its invitation only.
        migrations.AddField(
            "response",
            "survey",
            TenantForeignKey(
                "surveys.Survey",
                models.CASCADE,
                related_name="responses",
                null=True,
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE surveys_response r SET survey_id = i.survey_id
              FROM surveys_invitation i WHERE i.shop_id = r.shop_id AND i.id = r.invitation_id
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "response",
            "survey",
            TenantForeignKey("surveys.Survey", models.CASCADE, related_name="responses"),
        ),
        TieToShop("response", "survey"),
        migrations.RemoveIndex("response", "response_suspected"),
        migrations.AddIndex(
            "response",
            models.Index(F("shop"), F("survey"), F("id"), name="response_survey"),
        ),
        migrations.AddIndex(
            "response",
            models.Index(
                F("shop"),
                F("survey"),
                F("id"),
                name="response_suspected",
                condition=Q(is_suspected=True),
            ),
        ),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                fields=["shop", "purchase"],
                name="invitation_after_once",
                condition=Q(occasion__in=["evaluation", "perceived"]),
            ),
        ),
    ]
