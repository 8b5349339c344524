from decimal import Decimal

from django.db.models import QuerySet
from rest_framework import serializers

from crm.shops.api import ListView
from crm.shops.models import Shop
from crm.stages.enums import Stage
from crm.stages.models import Relationship


class RelationshipSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id")
    stage = serializers.SerializerMethodField()
    peak = serializers.SerializerMethodField()
    spent = serializers.SerializerMethodField()

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

    def get_stage(self, relationship: Relationship) -> str:
        return Stage(relationship.stage).name.lower()

    def get_peak(self, relationship: Relationship) -> str:
        return Stage(relationship.peak).name.lower()

    def get_spent(self, relationship: Relationship) -> str:
        return f"{Decimal(relationship.spent) / 100:.2f}"


class StageList(ListView):
    """Where each customer stands, and what that rests on; `spent` in the shop's currency."""

    serializer_class = RelationshipSerializer

    def rows(self, shop: Shop) -> QuerySet[Relationship]:
        return Relationship.objects.filter(shop=shop)
