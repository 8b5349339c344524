"""What is proposed to do for customers, for machines to read."""

from django.db.models import QuerySet
from rest_framework import serializers

from crm.followups.models import Suggestion
from crm.shops.api import OfCustomer
from crm.shops.machines.schema import BY_CUSTOMER, lists
from crm.shops.models import Shop

EXAMPLE = {
    "id": 77,
    "customer": 512,
    "play": "empathy.answer",
    "state": "proposed",
    "proposed_at": "2026-05-20T09:31:00+09:00",
    "settled_at": None,
}


class SuggestionSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id")

    class Meta:
        model = Suggestion
        fields = ["id", "customer", "play", "state", "proposed_at", "settled_at"]


@lists(
    SuggestionSerializer,
    tag="suggestions",
    says="What was proposed to do for customers, and what became of it. Settled by people, "
    "in Horetsu alone.",
    example=EXAMPLE,
    filters=[BY_CUSTOMER],
)
class SuggestionList(OfCustomer):
    serializer_class = SuggestionSerializer

    def rows(self, shop: Shop) -> QuerySet[Suggestion]:
        return Suggestion.objects.filter(shop=shop)
