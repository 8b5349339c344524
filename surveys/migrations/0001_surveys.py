import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import crm.tenancy.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("crm", "0003_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
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
                ("nonce", models.CharField(max_length=32)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("stage", models.PositiveSmallIntegerField(default=0)),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="crm.customer",
                    ),
                ),
                (
                    "mail",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to="crm.mail",
                    ),
                ),
                (
                    "purchase",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="crm.purchase",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("purchase"),
                        models.F("occasion"),
                        name="invitation_purchase",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("customer"),
                        models.F("occasion"),
                        models.F("invited_at"),
                        name="invitation_latest",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("occasion__in", ("evaluation", "perceived"))),
                        fields=("shop", "purchase"),
                        name="invitation_after_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("occasion__in", ["expectation", "evaluation", "perceived", "nps"])
                        ),
                        name="invitation_occasion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "Before and after an order"),
                            ("nps", "Whether they would introduce us"),
                        ],
                        max_length=10,
                    ),
                ),
                ("switched_on_at", models.DateTimeField(null=True)),
                ("switched_off_at", models.DateTimeField(null=True)),
                ("was_on_since", models.DateTimeField(null=True)),
                ("days_after_delivery", models.PositiveSmallIntegerField(default=7)),
                ("days_after_order", models.PositiveSmallIntegerField(default=14)),
                ("hour_from", models.PositiveSmallIntegerField(default=9)),
                ("hour_until", models.PositiveSmallIntegerField(default=20)),
                ("repeat_days", models.PositiveSmallIntegerField(default=365)),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "kind"), name="survey_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["order", "nps"])), name="survey_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField(default=1)),
                ("answers", models.JSONField()),
                ("answered_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("is_suspected", models.BooleanField(default=False)),
                ("signals", models.JSONField(default=list)),
                ("refused_scores", models.JSONField(default=list)),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "invitation",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="response",
                        to="surveys.invitation",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
                (
                    "touchpoint",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.touchpoint",
                    ),
                ),
                (
                    "survey",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responses",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"), models.F("survey"), models.F("id"), name="response_survey"
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("survey"),
                        models.F("id"),
                        condition=models.Q(("is_suspected", True)),
                        name="response_suspected",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="survey",
            field=crm.tenancy.models.TenantForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="surveys.survey",
            ),
        ),
        migrations.CreateModel(
            name="SurveyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("items", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.shop",
                    ),
                ),
                (
                    "survey",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "survey", "n"), name="survey_version_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="version",
            field=crm.tenancy.models.TenantForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.surveyversion",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                models.F("shop"),
                models.F("survey"),
                models.F("invited_at"),
                name="invitation_survey",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=("shop", "survey", "customer", "occasion", "purchase"),
                name="invitation_once",
                nulls_distinct=False,
            ),
        ),
    ]
