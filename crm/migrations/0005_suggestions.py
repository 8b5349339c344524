import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.tenancy.models
from crm.tenancy.operations import RaiseWalls, TieToShop

_CHANNELS = [
    ("mail", "E-mail"),
    ("insert", "A note in the parcel"),
    ("letter", "A letter by hand"),
    ("phone", "A call"),
]
_PURPOSES = [
    ("expectation", "Asked what was expected"),
    ("evaluation", "Asked how it was"),
    ("nps", "Asked about introducing us"),
    ("new_link", "A new link, at the customer's own request"),
    ("reply", "An answer to what the customer said or did"),
    ("recovery", "An answer to a complaint"),
    ("follow_up", "Follow-up letter"),
]


def _user() -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    """Suggestions that people settle."""

    dependencies = [("crm", "0004_imports")]

    operations = [
        migrations.AddField(
            "membership", "wants_digest", models.BooleanField(default=True, db_default=True)
        ),
        migrations.AddField("membership", "digested_on", models.DateField(null=True)),
        migrations.RemoveConstraint(
            "touchpoint",
            "touchpoint_kind",
        ),
        migrations.AlterField(
            "touchpoint",
            "kind",
            models.CharField(
                choices=[
                    ("expectation", "Expectation"),
                    ("evaluation", "Evaluation"),
                    ("perceived", "Compared with what was expected"),
                    ("nps", "Likelihood to introduce us"),
                    ("letter", "Letter"),
                    ("inquiry", "Inquiry"),
                    ("reply", "Reply"),
                    ("review", "Review"),
                    ("event", "Joined an event"),
                    ("idea", "Sent an idea or a picture"),
                    ("community", "Wrote in the community"),
                    ("share", "Told others in public"),
                    ("referral", "Introduced somebody"),
                    ("complaint", "Complaint"),
                    ("complaint_closed", "Complaint settled"),
                    ("complaint_reopened", "Complaint taken up again"),
                    ("recovery", "Impression after our response"),
                    ("subscription_left", "Left a subscription"),
                    ("unsubscribed", "Asked us to stop writing"),
                    ("our_letter", "Letter from us"),
                    ("our_call", "Call from us"),
                    ("our_insert", "Our note in the parcel"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            "touchpoint",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "expectation",
                            "evaluation",
                            "perceived",
                            "nps",
                            "letter",
                            "inquiry",
                            "reply",
                            "review",
                            "event",
                            "idea",
                            "community",
                            "share",
                            "referral",
                            "complaint",
                            "complaint_closed",
                            "complaint_reopened",
                            "recovery",
                            "subscription_left",
                            "unsubscribed",
                            "our_letter",
                            "our_call",
                            "our_insert",
                        ],
                    )
                ),
                name="touchpoint_kind",
            ),
        ),
        migrations.RemoveConstraint(
            "mail",
            "mail_purpose",
        ),
        migrations.AlterField(
            "mail",
            "purpose",
            models.CharField(choices=_PURPOSES, max_length=20),
        ),
        migrations.AddConstraint(
            "mail",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "purpose__in",
                        [
                            "expectation",
                            "evaluation",
                            "nps",
                            "new_link",
                            "reply",
                            "recovery",
                            "follow_up",
                        ],
                    )
                ),
                name="mail_purpose",
            ),
        ),
        migrations.AddField(
            "mailcontent",
            "personal_hash",
            models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            "mailcontent",
            "sender_name",
            models.CharField(blank=True, max_length=100),
        ),
        migrations.AddIndex(
            "mailcontent",
            models.Index(
                models.F("shop"),
                models.F("personal_hash"),
                condition=models.Q(("personal_hash", ""), _negated=True),
                name="mail_content_personal",
            ),
        ),
        migrations.AlterField(
            "guardsettings",
            "budget",
            models.PositiveSmallIntegerField(
                default=4,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(12),
                ],
                verbose_name="contacts in a quarter",
            ),
        ),
        migrations.AlterField(
            "guardsettings",
            "distance_days",
            models.PositiveSmallIntegerField(
                default=7,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(90),
                ],
                verbose_name="days between contacts",
            ),
        ),
        migrations.RemoveConstraint(
            "guarddecision",
            "guard_reason",
        ),
        migrations.AddField(
            "guarddecision",
            "channel",
            models.CharField(choices=_CHANNELS, default="mail", max_length=10),
        ),
        migrations.AlterField(
            "guarddecision",
            "purpose",
            models.CharField(choices=_PURPOSES, max_length=20),
        ),
        migrations.AlterField(
            "guarddecision",
            "reason",
            models.CharField(
                choices=[
                    ("fine", "Nothing speaks against it."),
                    ("erased", "The person's data were erased."),
                    ("no_address", "We have no address to write to."),
                    ("masked_address", "The address belongs to a marketplace, not to us."),
                    ("suppressed", "The person asked us to stop, or the address does not exist."),
                    ("refused", "The person does not wish for this kind of mail."),
                    ("no_consent", "The person has not asked for letters from us."),
                    ("no_sender", "The settings do not yet say who writes, and from where."),
                    ("stage_forbids", "It is too early for this question."),
                    ("measure_forbidden", "These words do not suit the relationship yet."),
                    ("sells", "It offers something, and the person has not asked for offers."),
                    ("too_close", "To be reached this way would come too close for now."),
                    ("asked_once", "We have asked about this order once; silence is an answer."),
                    ("nps_this_year", "We asked this within the last year."),
                    ("order_void", "The order was cancelled or returned."),
                    ("recovery_first", "Something is unresolved; that comes first."),
                    ("left_quiet", "The person asked to be left quiet for a while."),
                    ("distance", "The last contact was only a few days ago."),
                    ("budget", "There have been enough contacts for now."),
                    ("night", "It is night; the mail waits for the morning."),
                ],
                max_length=30,
            ),
        ),
        migrations.AddIndex(
            "guarddecision",
            models.Index(models.F("shop"), models.F("decided_at"), name="guard_recent"),
        ),
        migrations.AddConstraint(
            "guarddecision",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "fine",
                            "erased",
                            "no_address",
                            "masked_address",
                            "suppressed",
                            "refused",
                            "no_consent",
                            "no_sender",
                            "stage_forbids",
                            "measure_forbidden",
                            "sells",
                            "too_close",
                            "asked_once",
                            "nps_this_year",
                            "order_void",
                            "recovery_first",
                            "left_quiet",
                            "distance",
                            "budget",
                            "night",
                        ],
                    )
                ),
                name="guard_reason",
            ),
        ),
        migrations.AddConstraint(
            "guarddecision",
            models.CheckConstraint(
                condition=models.Q(("channel__in", ["mail", "insert", "letter", "phone"])),
                name="guard_channel",
            ),
        ),
        migrations.RemoveConstraint(
            "suggestion",
            "suggestion_once",
        ),
        migrations.RemoveIndex(
            "suggestion",
            "suggestion_open",
        ),
        migrations.AddField(
            "suggestion",
            "about",
            crm.tenancy.models.TenantForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="suggestions",
                to="crm.touchpoint",
            ),
        ),
        migrations.AddField(
            "suggestion",
            "closing",
            models.TextField(blank=True),
        ),
        migrations.AddField(
            "suggestion",
            "evidence",
            models.JSONField(default=dict),
        ),
        migrations.AddField(
            "suggestion",
            "expires_on",
            models.DateField(null=True),
        ),
        migrations.AddField(
            "suggestion",
            "mail",
            crm.tenancy.models.TenantForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="suggestions",
                to="crm.mail",
            ),
        ),
        migrations.AddField(
            "suggestion",
            "note",
            models.TextField(blank=True),
        ),
        migrations.AddField(
            "suggestion",
            "opening",
            models.TextField(blank=True),
        ),
        migrations.AddField(
            "suggestion",
            "personal",
            models.TextField(blank=True),
        ),
        migrations.AddField(
            "suggestion",
            "put_off_until",
            models.DateTimeField(null=True),
        ),
        migrations.AddField(
            "suggestion",
            "rank",
            models.SmallIntegerField(
                choices=[
                    (0, "Solve it first"),
                    (1, "Not yet thanked"),
                    (2, "Words waiting for a reply"),
                    (3, "Gone quiet"),
                    (4, "A word at the right time"),
                    (9, "Left in peace"),
                ],
                default=4,
            ),
        ),
        migrations.AddField(
            "suggestion",
            "reason",
            models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            "suggestion",
            "revision",
            models.IntegerField(default=0),
        ),
        migrations.AddField(
            "suggestion",
            "settled_by",
            _user(),
        ),
        migrations.AddField(
            "suggestion",
            "subject",
            models.CharField(blank=True, max_length=200),
        ),
        migrations.AddIndex(
            "suggestion",
            models.Index(
                models.F("shop"),
                models.OrderBy(models.F("is_timely"), descending=True),
                models.F("rank"),
                models.F("id"),
                condition=models.Q(("state", "proposed")),
                name="suggestion_open",
            ),
        ),
        migrations.AddIndex(
            "suggestion",
            models.Index(
                models.F("shop"), models.F("state"), models.F("id"), name="suggestion_by_state"
            ),
        ),
        migrations.AddIndex(
            "suggestion",
            models.Index(
                models.F("shop"),
                models.F("settled_at"),
                condition=models.Q(("settled_at__isnull", False)),
                name="suggestion_settled",
            ),
        ),
        migrations.AddIndex(
            "suggestion",
            models.Index(
                models.F("shop"),
                models.F("mail"),
                condition=models.Q(("mail__isnull", False)),
                name="suggestion_mail",
            ),
        ),
        migrations.AddIndex(
            "suggestion",
            models.Index(
                models.F("shop"),
                models.F("about"),
                condition=models.Q(("about__isnull", False)),
                name="suggestion_about",
            ),
        ),
        migrations.AddConstraint(
            "suggestion",
            models.UniqueConstraint(
                fields=("shop", "customer", "play", "spell_from_on", "about"),
                name="suggestion_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "suggestion",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["approved", "proposed"])),
                fields=("shop", "customer"),
                name="suggestion_one_open",
            ),
        ),
        TieToShop("suggestion", "about", "mail"),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("channel", models.CharField(blank=True, choices=_CHANNELS, max_length=10)),
                ("by", _user()),
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
                    "suggestion",
                    crm.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="crm.suggestion",
                    ),
                ),
                (
                    "touchpoint",
                    crm.tenancy.models.TenantOneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgement",
                        to="crm.touchpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("shop"), models.F("touchpoint"), name="acknowledgement_fact"
                    ),
                    models.Index(
                        models.F("shop"), models.F("suggestion"), name="acknowledgement_suggestion"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["", "mail", "insert", "letter", "phone"])
                        ),
                        name="acknowledgement_channel",
                    ),
                ],
            },
        ),
        RaiseWalls("acknowledgement"),
    ]
