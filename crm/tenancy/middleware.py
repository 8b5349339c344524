from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from crm.tenancy.door import tenant


class TenantMiddleware:
    """Answer a request for a shop inside that shop's transaction.

    The first word of the path names the door (settings.TENANT_DOORS), which finds the
    shop in the address, the API key or the token, never in the body. An answer of 400
    or more undoes whatever the view wrote.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.doors = {word: import_string(path) for word, path in settings.TENANT_DOORS.items()}

    def __call__(self, request: Any) -> HttpResponse:
        door = self.doors.get([*request.path_info.split("/", 2), ""][1])
        request.shop = door(request) if door else None
        if request.shop is None:
            return self.get_response(request)
        _receive(request)
        with tenant(request.shop):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response


def _receive(request: Any) -> None:
    """Have the whole body here before the transaction begins, which a slow line would keep
    open for as long as it takes."""
    if request.content_type == "multipart/form-data":
        request.POST  # noqa: B018  (its files go to disk, so it is not read as one body)
    else:
        request.body  # noqa: B018
