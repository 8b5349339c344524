from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from crm.customers.models import Customer
from crm.stages.enums import Balance, Direction, Mark, Stage
from crm.stages.rule_settings import RuleSettings, from_numbers
from crm.stages.yardsticks import Yardstick
from crm.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField

_STAGES = [stage.value for stage in Stage]
_MARKS = [mark.value for mark in Mark]
_DIRECTIONS = [direction.value for direction in Direction]
_BALANCES = ["", *(balance.value for balance in Balance)]


class StageSettings(TenantModel):
    """The numbers of the rule a shop has changed; all others keep their default."""

    numbers = models.JSONField(default=dict)  # by the names of RuleSettings; never filtered by

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="stage_settings_once")]

    def __str__(self) -> str:
        return ", ".join(sorted(self.numbers)) or "defaults"

    @property
    def rule(self) -> RuleSettings:
        return from_numbers(self.numbers)


class DatedYardstick(TenantModel):
    """The shop's own figures as of the end of a day, renewed monthly."""

    day = models.DateField()
    version = models.CharField(max_length=20)
    rhythm_days = models.FloatField(null=True)
    recency_cuts = ArrayField(models.FloatField(), size=4, null=True)
    orders_cuts = ArrayField(models.FloatField(), size=4, null=True)
    spent_cuts = ArrayField(models.FloatField(), size=4, null=True)  # hundredths
    dwell_days = ArrayField(models.FloatField(null=True), size=4)  # Observer to Engagement

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "day", "version"], name="yardstick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} ({self.version})"

    @property
    def yardstick(self) -> Yardstick:
        observer, landing, empathy, engagement = self.dwell_days
        return Yardstick(
            rhythm_days=self.rhythm_days,
            recency_cuts=_cuts(self.recency_cuts),
            orders_cuts=_cuts(self.orders_cuts),
            spent_cuts=_cuts(self.spent_cuts),
            dwell_days=(observer, landing, empathy, engagement),
        )


def _cuts(values: list[float] | None) -> tuple[float, float, float, float] | None:
    if values is None:
        return None
    first, second, third, fourth = values
    return (first, second, third, fourth)


class Relationship(TenantModel):
    """Where a customer stands, as last assessed. Ages and scores are derived on reading.
    Direction and balance are kept for lists, which cannot judge everybody they leave out.

    `gates` holds for each gate up to the stage the facts it rests on, such as
    `{"1": ["purchase:4", "touchpoint:9"]}`; what would open the next is derived on reading.
    """

    customer = TenantOneToOneField(Customer, models.CASCADE, related_name="relationship")
    stage = models.SmallIntegerField()
    since_on = models.DateField()
    peak = models.SmallIntegerField()
    marks = ArrayField(models.CharField(max_length=20), default=list)
    direction = models.CharField(max_length=10, default=Direction.QUIET.value)
    balance = models.CharField(max_length=12, blank=True)  # empty: nothing to compare
    orders = models.IntegerField()
    spent = models.BigIntegerField()  # hundredths of the shop's currency
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    gates = models.JSONField()
    review_on = models.DateField(null=True)  # when the stage would change without news
    remark_on = models.DateField(null=True)  # when a mark would
    turn_on = models.DateField(null=True)  # when the direction or the balance would
    version = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=_STAGES), name="relationship_stage"),
            models.CheckConstraint(condition=Q(peak__in=_STAGES), name="relationship_peak"),
            models.CheckConstraint(
                condition=Q(marks__contained_by=_MARKS), name="relationship_marks"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=_DIRECTIONS), name="relationship_direction"
            ),
            models.CheckConstraint(condition=Q(balance__in=_BALANCES), name="relationship_balance"),
        ]
        indexes = [
            models.Index(F("shop"), F("stage"), F("customer"), name="relationship_stage_ix"),
            # The orders of a list of people, whatever narrows it (listing.py).
            models.Index(F("shop"), F("last_on").desc(), F("customer").desc(),
                         name="relationship_last"),
            models.Index(F("shop"), F("since_on").desc(), F("customer").desc(),
                         name="relationship_since"),
            models.Index(F("shop"), F("spent"), name="relationship_spent"),
            models.Index(F("shop"), F("review_on"), name="relationship_review",
                         condition=Q(review_on__isnull=False)),
            models.Index(F("shop"), F("remark_on"), name="relationship_remark",
                         condition=Q(remark_on__isnull=False)),
            models.Index(F("shop"), F("turn_on"), name="relationship_turn",
                         condition=Q(turn_on__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{Stage(self.stage).name} since {self.since_on}"


class StageSpell(TenantModel):
    """A stay in a stage, replayed from all facts; the present one has no end.

    Rewritten when late facts arrive. Every figure over time reads these rows.
    """

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="stage_spells")
    stage = models.SmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField(null=True)  # the first day of the next stage

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "customer", "from_on"], name="stage_spell_once"
            ),
            models.CheckConstraint(condition=Q(stage__in=_STAGES), name="stage_spell_stage"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")),
                name="stage_spell_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{Stage(self.stage).name} {self.from_on}–{self.to_on or ''}"


class AssessmentLog(TenantModel):
    """What was believed of a customer, and when; append-only. No figure reads it."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="assessments")
    as_of = models.DateField()
    at = models.DateTimeField(db_default=Now())
    stage = models.SmallIntegerField()
    since_on = models.DateField()
    marks = ArrayField(models.CharField(max_length=20), default=list)
    gates = models.JSONField()
    facts = models.JSONField()
    review_on = models.DateField(null=True)
    version = models.CharField(max_length=20)

    changeable = ("customer",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=_STAGES), name="assessment_stage"),
            models.CheckConstraint(
                condition=Q(marks__contained_by=_MARKS), name="assessment_marks"
            ),
        ]
        indexes = [models.Index(F("shop"), F("customer"), F("id"), name="assessment_customer")]

    def __str__(self) -> str:
        return f"{self.as_of} {Stage(self.stage).name}"
