"""Complaints as cases, for machines to read; a new one is told as a touchpoint."""

from django.db.models import QuerySet
from rest_framework import serializers

from crm.complaints.models import Complaint
from crm.shops.api import OfCustomer
from crm.shops.machines.schema import BY_CUSTOMER, lists
from crm.shops.models import Shop

EXAMPLE = {
    "id": 12,
    "customer": 512,
    "state": "waiting",
    "theme": "delivery",
    "opened_at": "2026-05-21T08:00:00+09:00",
    "due_at": "2026-05-22T18:00:00+09:00",
    "closed_at": None,
}


class ComplaintSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id")

    class Meta:
        model = Complaint
        fields = ["id", "customer", "state", "theme", "opened_at", "due_at", "closed_at"]


@lists(
    ComplaintSerializer,
    tag="complaints",
    says="Complaints, open and settled. Tell of a new one as a touchpoint of that kind.",
    example=EXAMPLE,
    filters=[BY_CUSTOMER],
)
class ComplaintList(OfCustomer):
    serializer_class = ComplaintSerializer

    def rows(self, shop: Shop) -> QuerySet[Complaint]:
        return Complaint.objects.filter(shop=shop)
