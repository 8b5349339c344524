import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from crm.shops.models import Shop
from horetsu_site.utf8 import Utf8Only

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("charset", ["rot13", "unicode_escape", "idna", "hex", "utf-16", "no-such"])
def test_a_charset_that_somebody_names_is_not_believed(charset):
    answers = []
    environ = {
        **RequestFactory().get("/healthz?lang=%ff").environ,
        "CONTENT_TYPE": f"text/plain; Charset={charset}",
    }

    Utf8Only(get_wsgi_application())(environ, lambda status, headers, *_: answers.append(status))

    assert answers == ["200 OK"]


def test_a_session_key_that_is_none_is_not_looked_up(client):
    client.cookies["sessionid"] = "\x00aaaaaaaaaaaa"

    assert client.get("/").status_code == 200


@pytest.mark.parametrize("page", ["/a", "/u", "/shops", "/a/", "/shops/"])
def test_half_an_address_is_not_found(client, page):
    assert client.get(page, follow=True).status_code == 404


def test_a_file_larger_than_any_form_is_refused_by_its_length(client):
    response = client.post(
        "/login/", b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH="10000000"
    )

    assert response.status_code == 413


def test_a_page_of_the_shop_is_kept_by_no_browser(client: Client, shop: Shop, owner):
    client.force_login(owner)

    kept = client.get(f"/shops/{shop.slug}/today/").headers["Cache-Control"]

    assert "no-store" in kept
