"""The API described as OpenAPI 3.1, written beside what it describes."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.views import APIView

from crm.shops.machines.errors import MEDIA_TYPE
from crm.shops.machines.once import HEADER

View = TypeVar("View", bound=type[APIView])
Decorator = Callable[[View], View]


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "crm.shops.api.ByApiKey"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the shop, made in its settings.",
        }


class Mistake(serializers.Serializer):
    field = serializers.CharField(help_text="Such as `lines.0.product`.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer):
    """What went wrong (RFC 9457): `code` for a program, `detail` for a person."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = Mistake(many=True, required=False)  # type: ignore[assignment]


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(Problem, description)


_ALWAYS = {
    (401, MEDIA_TYPE): _problem("There is no key, or none that is valid."),
    (403, MEDIA_TYPE): _problem("The key may not do this, or came over plain http."),
    (429, MEDIA_TYPE): _problem("Too many calls; `Retry-After` says how many seconds to wait."),
}
_CURSOR = OpenApiParameter("cursor", str, description="From `next` of the page before.")
BY_CUSTOMER = OpenApiParameter("customer", int, description="Only of the customer with this id.")
_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A new one for each thing you do; the same one when you try again. Kept a day.",
)


def lists(
    serializer: type[serializers.BaseSerializer],
    *,
    tag: str,
    says: str,
    example: Any,
    filters: Sequence[OpenApiParameter] = (),
) -> Decorator:
    """Describe the GET of a list."""
    page = inline_serializer(
        f"{serializer.__name__.removesuffix('Serializer')}Page",
        {"results": serializer(many=True), "next": serializers.URLField(allow_null=True)},
    )
    sample = OpenApiExample("A page", {"results": [example], "next": None}, response_only=True)
    return extend_schema_view(
        get=extend_schema(
            operation_id=f"list_{tag}",
            tags=[tag],
            description=says,
            parameters=[_CURSOR, *filters],
            responses={200: page, (400, MEDIA_TYPE): _problem("No such page."), **_ALWAYS},
            examples=[sample],
        )
    )


def shows(
    serializer: type[serializers.BaseSerializer], *, tag: str, says: str, example: Any
) -> Decorator:
    """Describe the GET of one row."""
    sample = OpenApiExample("As it stands", example, response_only=True)
    return extend_schema_view(
        get=extend_schema(
            operation_id=f"read_{tag}",
            tags=[tag],
            description=says,
            responses={200: serializer, (404, MEDIA_TYPE): _problem("There is none."), **_ALWAYS},
            examples=[sample],
        )
    )


def takes(
    body: type[serializers.BaseSerializer],
    serializer: type[serializers.BaseSerializer],
    *,
    tag: str,
    says: str,
    sent: Any,
    example: Any,
) -> Decorator:
    """Describe a POST."""
    samples = [
        OpenApiExample("Sent", sent, request_only=True),
        OpenApiExample("Answered", example, response_only=True, status_codes=["200", "201"]),
    ]
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"tell_{tag}",
            tags=[tag],
            description=says,
            parameters=[_KEY],
            request=body,
            responses={
                200: OpenApiResponse(serializer, "It was known, and is as told now."),
                201: OpenApiResponse(serializer, "It is new."),
                (400, MEDIA_TYPE): _problem("Something in the call needs mending."),
                (409, MEDIA_TYPE): _problem("In flight, or of somebody who was erased."),
                (413, MEDIA_TYPE): _problem("The body is larger than 256 kB."),
                (415, MEDIA_TYPE): _problem("The body is not declared as application/json."),
                (422, MEDIA_TYPE): _problem("The Idempotency-Key came with another request."),
                **_ALWAYS,
            },
            examples=samples,
        )
    )


def close_bodies(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say of every body what Body does: that a name which is not listed is refused."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("BodyRequest"):
            schema["additionalProperties"] = False
    return result
