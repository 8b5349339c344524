import io

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django_scopes import get_scope

from crm.tenancy.middleware import TenantMiddleware

pytestmark = pytest.mark.django_db

FORM = b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nhello\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=b", FORM),
        ("application/x-www-form-urlencoded", b"words=hello"),
        ("application/json", b'{"words": "hello"}'),
    ],
)
def test_the_body_is_here_before_the_shops_transaction_begins(shop, owner, content_type, body):
    scopes = []

    class SlowLine(io.BytesIO):
        def read(self, *size: int) -> bytes:  # type: ignore[override]
            scopes.append(get_scope())
            return super().read(*size)

    request = RequestFactory().post(
        f"/shops/{shop.slug}/", body, content_type=content_type, **{"wsgi.input": SlowLine(body)}
    )
    request.user = owner

    def view(request):
        assert get_scope()["shop"] == shop.pk
        said = request.POST.get("words") or request.body.decode()
        return HttpResponse(said)

    answer = TenantMiddleware(view)(request)

    assert b"hello" in answer.content
    assert scopes
    assert not any("shop" in scope for scope in scopes)
