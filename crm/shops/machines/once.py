"""A POST that is sent again is answered again, and done once (draft-ietf-httpapi-idempotency-key).

Nothing is held open: the row that remembers the answer is written in the transaction of what
the call did, so both are there or neither. What failed is not remembered, and may be tried
again with the same key.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from django.db import connection
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from crm.shops.machines.models import ApiReply

HEADER: Final = "Idempotency-Key"
KEPT: Final = timedelta(days=1)
LONGEST: Final = 255

Post = Callable[..., Response]


class KeyMissing(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_missing"
    default_detail = (
        "Send an Idempotency-Key of 1 to 255 visible ASCII characters with every POST, "
        "a new one for each thing you do and the same one when you try again."
    )


class KeyReused(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key came with another request before."


class InFlight(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "in_flight"
    default_detail = "The same request is being done. Ask again in a moment."
    wait = 1  # second


def once(post: Post) -> Post:
    """Do a POST once for each Idempotency-Key, and answer it again for a day."""

    @wraps(post)
    def kept(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _key_of(request)
        shop: Any = request.user
        asked = _fingerprint(request)
        if not _is_alone(f"{shop.pk}:{key}"):
            raise InFlight
        before = ApiReply.objects.filter(shop=shop, key=key).first()
        if before is not None:
            if before.request_sha256 != asked:
                raise KeyReused
            return Response(before.body, before.status, headers={"Idempotent-Replayed": "true"})
        response = post(view, request, *args, **kwargs)
        ApiReply.objects.create(
            shop=shop,
            key=key,
            request_sha256=asked,
            status=response.status_code,
            body=response.data,
        )
        return response

    return kept


def forget_replies(*, shop_id: int, before: datetime | None = None) -> None:
    """Forget what was answered before that moment, or all of it.

    Whoever asks again then has it done again, which changes nothing: every POST says the
    same of the same thing.
    """
    replies = ApiReply.objects.filter(shop_id=shop_id)
    (replies.filter(created_at__lt=before) if before else replies).delete()


def _key_of(request: Request) -> str:
    key: str = request.headers.get(HEADER, "")
    if not 0 < len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise KeyMissing
    return key


def _fingerprint(request: Request) -> str:
    """Of the address and the body as it came."""
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
    return hashlib.sha256(whole).hexdigest()


def _is_alone(name: str) -> bool:
    """Whether nobody else does this now; held until the transaction ends, however it does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"crm.api:{name}"]
        )
        (is_alone,) = cursor.fetchone()
    return bool(is_alone)
