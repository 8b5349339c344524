from django.db import migrations, models
from django.db.models import Q

_PURPOSES = [
    ("expectation", "Asked what was expected"),
    ("evaluation", "Asked how it was"),
    ("nps", "Asked about introducing us"),
    ("reminder", "Asked once more, for the last time"),
    ("new_link", "A new link, at the customer's own request"),
    ("reply", "An answer to what the customer said or did"),
    ("recovery", "An answer to a complaint"),
    ("follow_up", "Follow-up letter"),
]

_REASONS = [
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
    ("not_reminded", "Only who has just come to ease is reminded, and once."),
    ("order_void", "The order was cancelled or returned."),
    ("recovery_first", "Something is unresolved; that comes first."),
    ("left_quiet", "The person asked to be left quiet for a while."),
    ("distance", "The last contact was only a few days ago."),
    ("budget", "There have been enough contacts for now."),
    ("night", "It is night; the mail waits for the morning."),
]


class Migration(migrations.Migration):
    """A mail may be the one reminder of a question."""

    dependencies = [("crm", "0003_search")]

    operations = [
        migrations.RemoveConstraint("mail", "mail_purpose"),
        *(
            migrations.AlterField(
                model, "purpose", models.CharField(choices=_PURPOSES, max_length=20)
            )
            for model in ("mail", "guarddecision")
        ),
        migrations.AddConstraint(
            "mail",
            models.CheckConstraint(
                condition=Q(purpose__in=[value for value, _label in _PURPOSES]),
                name="mail_purpose",
            ),
        ),
        migrations.RemoveConstraint("guarddecision", "guard_reason"),
        migrations.AlterField(
            "guarddecision", "reason", models.CharField(choices=_REASONS, max_length=30)
        ),
        migrations.AddConstraint(
            "guarddecision",
            models.CheckConstraint(
                condition=Q(reason__in=[value for value, _label in _REASONS]),
                name="guard_reason",
            ),
        ),
    ]
