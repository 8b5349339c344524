"""What passed between a shop and a person, for machines; facts are told once and never edited."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.response import Response

from crm.customers.api import (
    LONGEST_SOURCE,
    SOURCE,
    Erased,
    not_in_future,
)
from crm.customers.models import Customer, Purchase
from crm.customers.selectors import present_customers
from crm.ledger.enums import Kind, Medium
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint
from crm.shops.api import OfCustomer, OneView
from crm.shops.machines.bodies import Body
from crm.shops.machines.once import once
from crm.shops.machines.schema import BY_CUSTOMER, lists, shows, takes
from crm.shops.models import Shop

MOST_WORDS = 5000

#: What another system may know of a customer. Answers to our questions come by their links,
#: wishes about mails by theirs.
TOLD = (
    Kind.LETTER,
    Kind.INQUIRY,
    Kind.REPLY,
    Kind.REVIEW,
    Kind.EVENT,
    Kind.IDEA,
    Kind.COMMUNITY,
    Kind.SHARE,
    Kind.REFERRAL,
    Kind.COMPLAINT,
    Kind.NPS,
    Kind.SUBSCRIPTION_LEFT,
)

SENT = {
    "source": "reviews",
    "external_id": "r-991",
    "customer": 512,
    "kind": "review",
    "at": "2026-05-20T09:30:00+09:00",
    "stars": 5,
    "text": "急須の口切れがよく、最後の一滴まできれいに注げます。",
    "is_public": True,
}
ANSWERED = {
    "id": 9001,
    "source": "api.reviews:r-991",
    "customer": 512,
    "purchase": None,
    "kind": "review",
    "at": "2026-05-20T09:30:00+09:00",
    "value": None,
    "stars": 5,
    "text": "急須の口切れがよく、最後の一滴まできれいに注げます。",
    "medium": "",
    "is_public": True,
    "is_rewarded": False,
    "other_customer": None,
    "standing": "counts",
}


class TouchpointSerializer(serializers.ModelSerializer):
    customer = serializers.IntegerField(source="customer_id")
    purchase = serializers.IntegerField(source="purchase_id", allow_null=True)
    other_customer = serializers.IntegerField(source="other_customer_id", allow_null=True)
    text = serializers.SerializerMethodField()

    class Meta:
        model = Touchpoint
        fields = [
            "id",
            "source",
            "customer",
            "purchase",
            "kind",
            "at",
            "value",
            "stars",
            "text",
            "medium",
            "is_public",
            "is_rewarded",
            "other_customer",
            "standing",
        ]

    def get_text(self, touchpoint: Touchpoint) -> str:
        words = getattr(touchpoint, "text_row", None)
        return words.text if words else ""


class TouchpointBody(Body):
    """What a customer said or did, and when. `value` is a score from 0 to 10."""

    source: Any = serializers.RegexField(SOURCE, max_length=LONGEST_SOURCE, default="api")
    external_id = serializers.RegexField(
        r"^[\x21-\x7e]{1,50}$", help_text="Your number of this fact; nothing personal."
    )
    customer = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    purchase = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    kind = serializers.ChoiceField([(kind.value, kind.label) for kind in TOLD])
    at = serializers.DateTimeField(validators=[not_in_future])
    value = serializers.IntegerField(min_value=0, max_value=10, required=False)
    stars = serializers.IntegerField(min_value=1, max_value=5, required=False)
    text = serializers.CharField(max_length=MOST_WORDS, required=False, allow_blank=True)
    medium = serializers.ChoiceField(Medium.choices, required=False)
    is_public = serializers.BooleanField(default=False)
    is_rewarded = serializers.BooleanField(default=False)
    other_customer = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind, missing = Kind(attrs["kind"]), None
        if kind == Kind.NPS and "value" not in attrs:
            missing = "value"
        elif kind == Kind.REVIEW and "stars" not in attrs:
            missing = "stars"
        elif kind == Kind.REFERRAL and "other_customer" not in attrs:
            missing = "other_customer"
        if missing:
            raise serializers.ValidationError({missing: [f"A {kind} needs one."]}, "required")
        return attrs


@lists(
    TouchpointSerializer,
    tag="touchpoints",
    says="What passed between the shop and its customers: answers, words, acts, complaints.",
    example=ANSWERED,
    filters=[BY_CUSTOMER],
)
@takes(
    TouchpointBody,
    TouchpointSerializer,
    tag="touchpoints",
    says="Tell of something a customer said or did. It is known by `source` and `external_id` "
    "and recorded once: telling it again, even otherwise, answers with what is recorded.",
    sent=SENT,
    example=ANSWERED,
)
class TouchpointList(OfCustomer):
    serializer_class = TouchpointSerializer

    def rows(self, shop: Shop) -> QuerySet[Touchpoint]:
        return _touchpoints(shop)

    @once
    def post(self, request: Any) -> Response:
        body = TouchpointBody(data=request.data)
        body.is_valid(raise_exception=True)
        told, shop = dict(body.validated_data), request.user
        source = f"api.{told.pop('source')}:{told.pop('external_id')}"
        is_known = self.rows(shop).filter(source=source).exists()
        if not is_known:
            _record(shop, source, told)
        return Response(
            TouchpointSerializer(self.rows(shop).get(source=source)).data,
            status.HTTP_200_OK if is_known else status.HTTP_201_CREATED,
        )


@shows(TouchpointSerializer, tag="touchpoint", says="One fact, by our id.", example=ANSWERED)
class OneTouchpoint(OneView):
    serializer_class = TouchpointSerializer

    def rows(self, shop: Shop) -> QuerySet[Touchpoint]:
        return _touchpoints(shop)


def _touchpoints(shop: Shop) -> QuerySet[Touchpoint]:
    return Touchpoint.objects.filter(shop=shop).select_related("text_row")


def _record(shop: Shop, source: str, told: dict[str, Any]) -> None:
    kind, value = Kind(told.pop("kind")), told.pop("value", None)
    other_id, purchase_id = told.pop("other_customer", None), told.pop("purchase", None)
    customer = _customer(shop, "customer", told.pop("customer"))
    record_touchpoint(
        customer=customer,
        kind=kind,
        source=source,
        value=None if value is None else Decimal(value),
        other_customer=_customer(shop, "other_customer", other_id) if other_id else None,
        purchase=_purchase(customer, purchase_id) if purchase_id else None,
        thread=source if kind == Kind.COMPLAINT else "",
        **told,
    )


def _customer(shop: Shop, field: str, customer_id: int) -> Customer:
    customer = present_customers(shop.pk).filter(pk=customer_id).first()
    if customer is None:
        if Customer.objects.filter(shop=shop, pk=customer_id, erased_at__isnull=False).exists():
            raise Erased
        raise serializers.ValidationError({field: ["There is no such customer."]}, "unknown")
    return customer


def _purchase(customer: Customer, purchase_id: int) -> Purchase:
    purchase = Purchase.objects.filter(
        shop_id=customer.shop_id, customer=customer, pk=purchase_id
    ).first()
    if purchase is None:
        raise serializers.ValidationError(
            {"purchase": ["This customer has no such purchase."]}, "unknown"
        )
    return purchase
