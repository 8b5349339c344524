from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.shops.api import OfCustomer, OneView
from crm.shops.machines.bodies import AmountField
from crm.shops.machines.schema import BY_CUSTOMER, lists, shows
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.models import Relationship

EXAMPLE = {
    "customer": 512,
    "stage": "empathy",
    "since_on": "2026-05-18",
    "peak": "empathy",
    "marks": [],
    "orders": 3,
    "spent": "12960.00",
    "first_on": "2025-08-03",
    "last_on": "2026-05-10",
    "gates": {"1": ["purchase:2048"], "2": ["touchpoint:9001"]},
    "review_on": "2027-05-20",
    "version": "1.4f0c2a",
}


STAGES = [(stage.name.lower(), stage.name.lower()) for stage in Stage]


@extend_schema_field({"type": "string", "enum": [name for name, _label in STAGES]})
class StageField(serializers.Field):
    def to_representation(self, value: int) -> str:
        return Stage(value).name.lower()


class RelationshipSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id")
    stage = StageField()
    peak = StageField()
    spent = AmountField()
    gates = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = Relationship
        fields = [
            "customer",
            "stage",
            "since_on",
            "peak",
            "marks",
            "orders",
            "spent",
            "first_on",
            "last_on",
            "gates",
            "review_on",
            "version",
        ]


@lists(
    RelationshipSerializer,
    tag="stages",
    says="Where each customer stands, and what that rests on: for each gate the facts that "
    "opened it. `spent` is in the shop's currency.",
    example=EXAMPLE,
    filters=[BY_CUSTOMER],
)
class StageList(OfCustomer):
    serializer_class = RelationshipSerializer

    def rows(self, shop: Shop) -> QuerySet[Relationship]:
        return Relationship.objects.filter(shop=shop)


@shows(
    RelationshipSerializer,
    tag="stage",
    says="Where one customer stands; 404 while nothing is known of them.",
    example=EXAMPLE,
)
class OneStage(OneView):
    serializer_class = RelationshipSerializer
    by = "customer"

    def rows(self, shop: Shop) -> QuerySet[Relationship]:
        return Relationship.objects.filter(shop=shop)
