from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Work(models.Model):
    """A wish that something be done for a shop: ids only, so it needs no wall."""

    shop = models.ForeignKey("crm.Shop", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    ref = models.BigIntegerField()
    seq = models.BigIntegerField(default=1, db_default=1)  # how often it was wished for
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    claim = models.BigIntegerField(default=0, db_default=0)  # fence: grows with every claim
    attempts = models.SmallIntegerField(default=0, db_default=0)  # runs begun without success
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            # Within a shop, so that a wish of one shop can never touch a row of another.
            models.UniqueConstraint(fields=["shop", "kind", "ref"], name="work_once"),
        ]
        indexes = [
            models.Index(
                F("kind"), F("shop"), F("due_at"), name="work_due", condition=Q(parked_at=None)
            ),
            models.Index(F("shop"), name="work_parked", condition=~Q(parked_at=None)),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.ref}"


class PeriodDone(models.Model):
    """Says that a shop's daily work of this kind was marked for that day."""

    shop = models.ForeignKey("crm.Shop", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "shop", "day"], name="period_done_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Heartbeat(models.Model):
    """When beat, broker and a worker were last seen working together."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
