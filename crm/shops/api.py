"""What every address under /api/v1/ shares: the key, the pace, the pages, one shape of answer."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import (
    NotAuthenticated,
    PermissionDenied,
    Throttled,
    ValidationError,
)
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from crm.shops.enums import Scope
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


class ByScope(BasePermission):
    """Refuses a key for reading whatever might change something."""

    message = "This key may only read."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or request._request.api_key.scope == Scope.WRITE  # type: ignore[attr-defined]


class ShopView(APIView):
    """An address of the API; `request.user` is the shop whose key was shown.

    A time without a zone is the shop's, and times are given in the shop's zone.
    """

    authentication_classes = [ByApiKey]
    permission_classes = [ByScope]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with timezone.override(request.shop.zone if request.shop else None):
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        # A key that came over plain http is known to whoever listened: no redirect hides that.
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise PermissionDenied("Use https, and replace this key: it was sent in the open.")
        super().perform_authentication(request)

    def check_throttles(self, request: Request) -> None:
        if wait := request._request.api_wait:  # type: ignore[attr-defined]
            raise Throttled(wait=wait.total_seconds())


class ListView(ShopView):
    """The rows of a shop, oldest first, a page at a time: `{"results": […], "next": address}`."""

    serializer_class: type[BaseSerializer]

    def get(self, request: Request, **kwargs: Any) -> Response:
        cursor = request.query_params.get("cursor")
        if cursor is not None and key_of(cursor) is None:
            raise ValidationError({"cursor": "Use the address in `next` as it stands."})
        page = page_by_key(self.filtered(request), after=cursor, newest_first=False, size=PAGE)
        return Response(
            {
                "results": self.serializer_class(page.rows, many=True).data,
                "next": self._address_of_next(request, page.next_after),
            }
        )

    def rows(self, shop: Any) -> QuerySet[Any, Any]:
        """Everything there is to list."""
        raise NotImplementedError

    def filtered(self, request: Request) -> QuerySet[Any, Any]:
        """What of it was asked for."""
        return self.rows(request.user)

    def _address_of_next(self, request: Request, cursor: int | str | None) -> str | None:
        if cursor is None:
            return None
        query = request._request.GET.copy()
        query["cursor"] = str(cursor)
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class OfCustomer(ListView):
    """A list that `?customer=ID` narrows down to one person's."""

    def filtered(self, request: Request) -> QuerySet[Any, Any]:
        rows = super().filtered(request)
        if (wanted := request.query_params.get("customer")) is None:
            return rows
        customer_id = key_of(wanted)
        if customer_id is None:
            raise ValidationError({"customer": "Use the `id` of a customer."})
        return rows.filter(customer=customer_id)


class OneView(ShopView):
    """One row of a shop, by the one id in its address; 404 for an unknown one, and for
    another shop's."""

    serializer_class: type[BaseSerializer]
    by = "pk"

    def get(self, request: Request, **ids: int) -> Response:
        (key,) = ids.values()
        row = self.rows(request.user).filter(**{self.by: key}).first() if _is_key(key) else None
        if row is None:
            raise Http404
        return Response(self.serializer_class(row).data)

    def rows(self, shop: Any) -> QuerySet[Any, Any]:
        """All rows there are to choose from."""
        raise NotImplementedError


def _is_key(number: int) -> bool:
    return key_of(str(number)) is not None
