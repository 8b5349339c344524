from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.customers.models import Customer
from crm.followups.enums import SuggestionState
from crm.followups.plays import BY_KEY, Play
from crm.tenancy.models import TenantForeignKey, TenantModel


class Suggestion(TenantModel):
    """A play proposed for a customer in their present stay at a stage; once, whatever happens."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="suggestions")
    play = models.CharField(max_length=50)  # a key of crm.followups.plays
    spell_from_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.PROPOSED
    )
    is_timely = models.BooleanField(default=True)  # False: drawn from history, a few a day
    proposed_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "customer", "play", "spell_from_on"], name="suggestion_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values), name="suggestion_state"
            ),
        ]
        indexes = [
            models.Index(F("shop"), F("id"), name="suggestion_open", condition=Q(state="proposed")),
        ]

    def __str__(self) -> str:
        return self.play

    @property
    def what(self) -> Play:
        return BY_KEY[self.play]
