"""Surveys and what was answered, for machines to read."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from crm.shops.api import ListView
from crm.shops.machines.schema import lists
from crm.shops.models import Shop
from surveys.models import Response, Survey

SURVEY = {"id": 3, "kind": "order", "is_on": True, "switched_on_at": "2026-05-01T10:00:00+09:00"}
RESPONSE = {
    "id": 640,
    "survey": 3,
    "customer": 512,
    "purchase": 2048,
    "occasion": "evaluation",
    "answers": {"overall": 9},
    "words": "注ぎ口が細く、香りが立ちます。",
    "answered_at": "2026-05-18T20:15:00+09:00",
    "is_suspected": False,
}


class SurveySerializer(serializers.ModelSerializer):
    class Meta:
        model = Survey
        fields = ["id", "kind", "is_on", "switched_on_at"]


class ResponseSerializer(serializers.ModelSerializer):
    survey = serializers.IntegerField(source="survey_id")
    customer = serializers.IntegerField(source="invitation.customer_id")
    purchase = serializers.IntegerField(source="invitation.purchase_id", allow_null=True)
    occasion = serializers.CharField(source="invitation.occasion")
    answers = serializers.DictField(child=serializers.IntegerField())
    words = serializers.CharField()

    class Meta:
        model = Response
        fields = [
            "id",
            "survey",
            "customer",
            "purchase",
            "occasion",
            "answers",
            "words",
            "answered_at",
            "is_suspected",
        ]


@lists(SurveySerializer, tag="surveys", says="The surveys the shop has begun.", example=SURVEY)
class SurveyList(ListView):
    serializer_class = SurveySerializer

    def rows(self, shop: Shop) -> QuerySet[Survey]:
        return Survey.objects.filter(shop=shop)


@lists(
    ResponseSerializer,
    tag="responses",
    says="What customers answered to one survey. A machine's answers are marked `is_suspected` "
    "and count nowhere; staff may decide otherwise.",
    example=RESPONSE,
)
class ResponseList(ListView):
    serializer_class = ResponseSerializer

    def rows(self, shop: Shop) -> QuerySet[Response]:
        survey = get_object_or_404(Survey, shop=shop, pk=self.kwargs["survey_id"])
        return Response.objects.filter(shop=shop, survey=survey).select_related(
            "invitation", "touchpoint__text_row"
        )
