"""Customers and their purchases, for machines; written by the one path that files take too."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from crm.customers.addresses import normalise
from crm.customers.api_examples import CUSTOMER, CUSTOMER_SENT, PURCHASE, PURCHASE_SENT
from crm.customers.enums import PurchaseStatus
from crm.customers.intake import LineIn, OrderIn, take_in_customers, take_in_orders
from crm.customers.models import Customer, CustomerIdentity, Purchase, PurchaseLine
from crm.customers.register import PersonIn
from crm.customers.selectors import present_customers
from crm.shops.api import ListView, OfCustomer, OneView
from crm.shops.machines.bodies import AmountField, Body
from crm.shops.machines.once import once
from crm.shops.machines.schema import BY_CUSTOMER, lists, shows, takes
from crm.shops.models import Shop

SOURCE = r"^[a-z0-9][a-z0-9_-]*$"  # whose ids these are
LONGEST_SOURCE, LONGEST_ID = 40, 100
MOST_LINES = 200
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # for clocks that are wrong, and zones


class Erased(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "erased"
    default_detail = (
        "This person asked to be forgotten. Nothing is kept of them until they order again."
    )


def not_in_future(at: datetime) -> None:
    """A fact has happened; and nothing we know of has before 1970."""
    if not EARLIEST <= at <= timezone.now() + AHEAD:
        raise serializers.ValidationError("Use a time between 1970 and now.", "out_of_range")


def an_address(text: str) -> None:
    """As generous as an import: an address need not be one that every mail server takes."""
    if not normalise(text):
        raise serializers.ValidationError("This is no e-mail address.", "no_address")


# --- customers ----------------------------------------------------------------------------------


class IdentitySerializer(serializers.ModelSerializer):
    class Meta:
        model = CustomerIdentity
        fields = ["source", "external_id"]


class CustomerSerializer(serializers.ModelSerializer):
    identities = IdentitySerializer(many=True)

    class Meta:
        model = Customer
        fields = ["id", "identities", "name", "kana", "email", "locale", "created_at"]


class PersonBody(Body):
    """A person as your system knows them: by its own id, by an address, or by both."""

    external_id = serializers.CharField(max_length=LONGEST_ID, required=False)
    email = serializers.CharField(max_length=254, required=False, validators=[an_address])
    name = serializers.CharField(max_length=200, required=False)
    kana = serializers.CharField(max_length=200, required=False)
    locale = serializers.ChoiceField(["ja", "en"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"external_id", "email"} & attrs.keys():
            raise serializers.ValidationError("Tell an external_id, an email, or both.", "nobody")
        return attrs


class CustomerBody(PersonBody):
    """A customer, and whose number the `external_id` is."""

    source: Any = serializers.RegexField(SOURCE, max_length=LONGEST_SOURCE, default="api")


@lists(
    CustomerSerializer,
    tag="customers",
    says="The shop's customers. Who was merged into another, or erased, is left out.",
    example=CUSTOMER,
)
@takes(
    CustomerBody,
    CustomerSerializer,
    tag="customers",
    says="Make a customer, or bring one up to date. What is left out stays as it is. Telling "
    "the same again changes nothing. It asks nobody anything, and allows no mail.",
    sent=CUSTOMER_SENT,
    example=CUSTOMER,
)
class CustomerList(ListView):
    serializer_class = CustomerSerializer

    def rows(self, shop: Shop) -> QuerySet[Customer]:
        return present_customers(shop.pk).prefetch_related("identities")

    @once
    def post(self, request: Any) -> Response:
        body = CustomerBody(data=request.data)
        body.is_valid(raise_exception=True)
        told = dict(body.validated_data)
        taken = take_in_customers(
            shop_id=request.user.pk, source=told.pop("source"), people=[PersonIn(**told)]
        )
        customer = self.rows(request.user).filter(pk=taken.people[0] or 0).first()
        if customer is None:
            raise Erased
        return Response(
            CustomerSerializer(customer).data,
            status.HTTP_201_CREATED if taken.created else status.HTTP_200_OK,
        )


@shows(CustomerSerializer, tag="customer", says="One customer, by our id.", example=CUSTOMER)
class OneCustomer(OneView):
    serializer_class = CustomerSerializer

    def rows(self, shop: Shop) -> QuerySet[Customer]:
        return present_customers(shop.pk).prefetch_related("identities")


# --- purchases ----------------------------------------------------------------------------------


class LineSerializer(serializers.ModelSerializer):
    class Meta:
        model = PurchaseLine
        fields = ["product", "code", "quantity"]


class PurchaseSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id", allow_null=True)
    total = AmountField()
    refunded = AmountField()
    lines = LineSerializer(many=True)

    class Meta:
        model = Purchase
        fields = [
            "id",
            "source",
            "external_id",
            "customer",
            "ordered_at",
            "total",
            "currency",
            "refunded",
            "status",
            "delivered_at",
            "channel",
            "subscription_id",
            "subscription_no",
            "lines",
        ]


class LineBody(Body):
    """A product in an order."""

    product = serializers.CharField(max_length=300)
    code = serializers.CharField(max_length=100, required=False, allow_blank=True)
    quantity = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000, default=1)


class PurchaseBody(Body):
    """An order, and who placed it. Amounts are texts or numbers in the currency's units; the
    currency is the shop's unless told."""

    source: Any = serializers.RegexField(SOURCE, max_length=LONGEST_SOURCE, default="api")
    external_id = serializers.CharField(max_length=LONGEST_ID, help_text="The order's number.")
    customer = PersonBody()
    ordered_at = serializers.DateTimeField(validators=[not_in_future])
    total = AmountField()
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    status = serializers.ChoiceField(PurchaseStatus.choices, required=False)
    refunded = AmountField(required=False)
    delivered_at = serializers.DateTimeField(required=False, validators=[not_in_future])
    channel = serializers.CharField(max_length=40, required=False)
    subscription_id = serializers.CharField(max_length=100, required=False)
    subscription_no = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    lines = LineBody(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]


@lists(
    PurchaseSerializer,
    tag="purchases",
    says="The shop's purchases, those that do not count among them; see `status`.",
    example=PURCHASE,
    filters=[BY_CUSTOMER],
)
@takes(
    PurchaseBody,
    PurchaseSerializer,
    tag="purchases",
    says="Tell of an order, or of what became of it. It is known by `source` and `external_id`; "
    "what is left out stays as it is. Its customer is found by id, else by address, or made; "
    "what is already known of a customer is not overwritten by an order. An order of somebody "
    "who was erased since is nobody's.",
    sent=PURCHASE_SENT,
    example=PURCHASE,
)
class PurchaseList(OfCustomer):
    serializer_class = PurchaseSerializer

    def rows(self, shop: Shop) -> QuerySet[Purchase]:
        return _purchases(shop)

    @once
    def post(self, request: Any) -> Response:
        body = PurchaseBody(data=request.data)
        body.is_valid(raise_exception=True)
        told = dict(body.validated_data)
        source, shop = told.pop("source"), request.user
        taken = take_in_orders(shop_id=shop.pk, source=source, orders=[_order(told, shop)])
        purchase = self.rows(shop).get(source=source, external_id=told["external_id"])
        return Response(
            PurchaseSerializer(purchase).data,
            status.HTTP_201_CREATED if taken.created else status.HTTP_200_OK,
        )


@shows(PurchaseSerializer, tag="purchase", says="One purchase, by our id.", example=PURCHASE)
class OnePurchase(OneView):
    serializer_class = PurchaseSerializer

    def rows(self, shop: Shop) -> QuerySet[Purchase]:
        return _purchases(shop)


def _purchases(shop: Shop) -> QuerySet[Purchase]:
    return Purchase.objects.filter(shop=shop).prefetch_related("lines")


def _order(told: dict[str, Any], shop: Shop) -> OrderIn:
    person = PersonIn(**told.pop("customer"))
    lines = told.pop("lines", None)
    currency = told.pop("currency", shop.currency)
    if "status" in told:
        told["status"] = PurchaseStatus(told["status"])
    return OrderIn(
        person=person,
        currency=currency,
        lines=None if lines is None else tuple(LineIn(**line) for line in lines),
        **told,
    )
