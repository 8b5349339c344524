import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from crm.shops.notices import say


@pytest.fixture
def request_with_messages():
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    return request


def shown(request):
    return render_to_string("_notices.html", request=request)


def test_what_was_done_is_said_as_it_is(request_with_messages):
    say(request_with_messages, "<保存しました>")

    html = shown(request_with_messages)

    assert "&lt;保存しました&gt;" in html
    assert "<form" not in html


def test_what_can_be_undone_brings_the_way_back_as_a_post(request_with_messages):
    say(request_with_messages, "お送りします", undo="/shops/otonari/undo/")

    html = shown(request_with_messages)

    assert '<form method="post" action="/shops/otonari/undo/">' in html
    assert "csrfmiddlewaretoken" in html
