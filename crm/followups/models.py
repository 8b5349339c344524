from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.customers.models import Customer
from crm.followups.enums import OPEN, Call, SuggestionState
from crm.followups.plays import BY_KEY, Play
from crm.guard.enums import Channel
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailState
from crm.mail.models import Mail
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


class Suggestion(TenantModel):
    """A play proposed for a customer; for one fact, or once in a stay at a stage.

    The letter stands in its own columns from the first time it is edited (`revision` > 0);
    until then it is what the play drafts. Its words go when the person is erased.
    """

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="suggestions")
    play = models.CharField(max_length=50)  # a key of crm.followups.plays
    spell_from_on = models.DateField()
    about = TenantForeignKey(Touchpoint, models.CASCADE, null=True, related_name="suggestions")
    evidence = models.JSONField(default=dict)  # what `why` is told with; numbers and days only
    rank = models.SmallIntegerField(choices=Call, default=Call.TEND)
    state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.PROPOSED
    )
    is_timely = models.BooleanField(default=True)  # False: drawn from history, a few a day
    proposed_at = models.DateTimeField(db_default=Now())
    expires_on = models.DateField(null=True)  # the first day on which it is of no more use
    put_off_until = models.DateTimeField(null=True)  # あとにする
    subject = models.CharField(max_length=200, blank=True)
    opening = models.TextField(blank=True)
    personal = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    revision = models.IntegerField(default=0)  # grows with every edit, so that none is lost
    mail = TenantForeignKey(Mail, models.SET_NULL, null=True, related_name="suggestions")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=40, blank=True)  # a Dismissal, or why a mail did not go
    note = models.TextField(blank=True)  # staff, about setting it aside or about what they did

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "customer", "play", "spell_from_on", "about"],
                name="suggestion_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["shop", "customer"],
                name="suggestion_one_open",
                condition=Q(state__in=sorted(OPEN)),
            ),
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values), name="suggestion_state"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("is_timely").desc(), F("rank"), F("id"),
                         name="suggestion_open", condition=Q(state="proposed")),
            models.Index(F("shop"), F("state"), F("id"), name="suggestion_by_state"),
            models.Index(F("shop"), F("settled_at"), name="suggestion_settled",
                         condition=Q(settled_at__isnull=False)),
            models.Index(F("shop"), F("mail"), name="suggestion_mail",
                         condition=Q(mail__isnull=False)),
            models.Index(F("shop"), F("about"), name="suggestion_about",
                         condition=Q(about__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.play

    @property
    def what(self) -> Play:
        return BY_KEY[self.play]

    @property
    def is_undoable(self) -> bool:
        """Whether what was settled today can still be taken back."""
        if self.mail is not None:
            return self.mail.state == MailState.DUE
        return self.state in {SuggestionState.DONE, SuggestionState.DISMISSED}


class Acknowledgement(TenantModel):
    """Says that somebody of the shop answered a fact or thanked for it: when, how, and who.

    One for each fact, and none for most; taking it back deletes it. It names no customer, so
    that a merge takes it along with the fact.
    """

    touchpoint = TenantOneToOneField(Touchpoint, models.CASCADE, related_name="acknowledgement")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel, blank=True)  # "": in another way
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    suggestion = TenantForeignKey(
        Suggestion, models.CASCADE, null=True, related_name="acknowledgements"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["", *Channel.values]), name="acknowledgement_channel"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("touchpoint"), name="acknowledgement_fact"),
            models.Index(F("shop"), F("suggestion"), name="acknowledgement_suggestion"),
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint_id} {self.channel}"
