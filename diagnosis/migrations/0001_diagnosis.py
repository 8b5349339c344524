import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import crm.tenancy.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("crm", "0003_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quiz",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40)),
                ("is_open", models.BooleanField(default=True)),
                (
                    "opened_at",
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
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("shop", "slug"), name="quiz_once")],
            },
        ),
        migrations.CreateModel(
            name="QuizAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True)),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quiz_addresses",
                        to="crm.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuizVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("data", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "quiz",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="diagnosis.quiz",
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
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "quiz", "n"), name="quiz_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_sha256", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=5)),
                ("answers", models.JSONField(default=dict)),
                ("reached", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("result", models.UUIDField(null=True)),
                ("stage", models.PositiveSmallIntegerField(null=True)),
                (
                    "earlier",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="diagnosis.attempt",
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
                    "version",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="diagnosis.quizversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"),
                        models.F("version"),
                        models.F("stage"),
                        name="attempt_stage",
                    ),
                    models.Index(
                        models.F("shop"),
                        models.F("version"),
                        models.F("started_at"),
                        name="attempt_started",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "token_sha256"), name="attempt_token_once"
                    ),
                    models.UniqueConstraint(fields=("shop", "result"), name="attempt_result_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("result", None), ("stage", None)),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("result__isnull", False),
                                ("stage__lte", 4),
                            ),
                            _connector="OR",
                        ),
                        name="attempt_finished_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("may_contact", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "attempt",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead",
                        to="diagnosis.attempt",
                    ),
                ),
                (
                    "customer",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quiz_leads",
                        to="crm.customer",
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
                "indexes": [models.Index(models.F("shop"), models.F("id"), name="lead_recent")],
            },
        ),
    ]
