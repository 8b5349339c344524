from django.db import models
from django.db.models.functions import Now

from crm.tenancy.models import TenantModel


class KeptFigures(TenantModel):
    """What was counted of a period, for shops too large to count while a page waits.

    Renewed every night from the facts, never added to: late facts that rewrite what was
    long ago are in the next night's figures like all others.
    """

    days = models.PositiveSmallIntegerField()  # the period's
    until_on = models.DateField()  # its last day, complete in the shop's zone
    numbers = models.JSONField()  # crm.figures.counting.count
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "days"], name="figures_once")]

    def __str__(self) -> str:
        return f"{self.days} days until {self.until_on}"
