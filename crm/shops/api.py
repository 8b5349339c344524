"""What every address under /api/v1/ shares: the key, the pages, one shape of answer."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from crm.shops.models import Shop
from crm.shops.paging import key_of, page_by_key

PAGE = 100


class ByApiKey(BaseAuthentication):
    """Refuses whom `doors.by_api_key` let in without a shop; who has one is that shop."""

    def authenticate(self, request: Request) -> tuple[Shop, None]:
        shop = getattr(request._request, "shop", None)
        if shop is None:
            raise NotAuthenticated
        return shop, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="horetsu"'


class ShopView(APIView):
    """An address of the API; `request.user` is the shop whose key was shown."""

    authentication_classes = [ByApiKey]


class ListView(ShopView):
    """The rows of a shop, oldest first, a page at a time: `{"results": […], "next": address}`."""

    serializer_class: type[BaseSerializer]

    def get(self, request: Request) -> Response:
        cursor = request.query_params.get("cursor")
        if cursor is not None and key_of(cursor) is None:
            raise ValidationError({"cursor": "Use the address in `next` as it stands."})
        page = page_by_key(self.rows(request.user), after=cursor, newest_first=False, size=PAGE)
        return Response(
            {
                "results": self.serializer_class(page.rows, many=True).data,
                "next": self._address_of_next(request, page.next_after),
            }
        )

    def rows(self, shop: Any) -> QuerySet[Any, Any]:
        """Everything there is to list."""
        raise NotImplementedError

    def _address_of_next(self, request: Request, cursor: int | None) -> str | None:
        if cursor is None:
            return None
        return request.build_absolute_uri(f"{request.path}?cursor={cursor}")
