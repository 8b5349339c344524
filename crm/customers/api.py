from django.db.models import QuerySet
from rest_framework import serializers

from crm.customers.models import Customer, CustomerIdentity
from crm.customers.selectors import present_customers
from crm.shops.api import ListView
from crm.shops.models import Shop


class IdentitySerializer(serializers.ModelSerializer):
    class Meta:
        model = CustomerIdentity
        fields = ["source", "external_id"]


class CustomerSerializer(serializers.ModelSerializer):
    identities = IdentitySerializer(many=True)

    class Meta:
        model = Customer
        fields = ["id", "identities", "name", "kana", "email", "locale", "created_at"]


class CustomerList(ListView):
    """The shop's customers. Who was merged into another, or erased, is left out."""

    serializer_class = CustomerSerializer

    def rows(self, shop: Shop) -> QuerySet[Customer]:
        return present_customers(shop.pk).prefetch_related("identities")
