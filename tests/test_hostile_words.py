"""Whatever stands in a text, a page shows it and does nothing else with it.

Generated from the models and the site's addresses: hostile words are put into every text of
a shop's rows, and every page that shows them is looked at.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django_scopes import scopes_disabled
from pytest_django import DjangoDbBlocker

from surveys.models import SurveyVersion
from tests.factories import sign_in
from tests.routes import CASES, Furnished, furnished

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>'\"{{ 7 }}"
TAG = b"<img src=x"

OUR_ROOMS = {"crm", "surveys", "diagnosis"}

#: Texts that are no words: keys, hashes, codes, addresses, and a mail's HTML, which is a page.
NO_WORDS = {
    "slug", "time_zone", "locale", "currency", "privacy_url", "email", "email_norm", "phone_norm",
    "contact_email", "to_address", "reply_to", "source", "external_id", "kind", "dedup_key",
    "nonce", "password", "purpose", "play", "prefix", "code", "format", "date_format", "encoding",
    "delimiter", "header_fingerprint", "act", "about", "thread", "response", "reason", "event_id",
    "personal_hash", "html",
}  # fmt: skip


def texts_of(model: type[models.Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.primary_key
        and field.name not in NO_WORDS
        and not field.name.endswith(("sha256", "hmac"))
        and (field.max_length or 1000) >= len(HOSTILE)
    ]


def make_hostile() -> set[str]:
    """The texts that say hostile words now; by the owner role, for some may only be added to."""
    changed = set()
    for model in apps.get_models():
        if model.__module__.partition(".")[0] not in OUR_ROOMS:
            continue
        rows = model._base_manager.using("owner")
        for text in texts_of(model):
            if rows.update(**{text: HOSTILE}):
                changed.add(f"{model.__name__}.{text}")
    for version in SurveyVersion.objects.using("owner"):
        version.items = _every_word(version.items)
        version.save(using="owner")
    return changed


def _every_word(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _every_word(value) for name, value in said.items()}
    return HOSTILE if said else said


@pytest.fixture(scope="module")
def texts(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Furnished, set[str]]]:
    with django_db_blocker.unblock(), furnished() as shop, scopes_disabled():
        yield shop, make_hostile()


@pytest.fixture
def shop(texts: tuple[Furnished, set[str]]) -> Furnished:
    return texts[0]


def test_every_room_says_something_hostile(texts):
    """Else the test below would prove little."""
    assert texts[1] >= {
        "Customer.name", "Note.text", "TouchpointText.text", "Suggestion.personal", "Shop.name",
        "User.name", "ImportRun.file_name", "ApiKey.name", "Work.last_error",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_page_does_what_a_text_says(name, shop, client):
    sign_in(client, shop.owner)

    for method in {"get", CASES[name].method}:
        response = getattr(client, method)(shop.address(name), CASES[name].body, follow=True)

        assert response.status_code < 500 or name == "readyz"  # without a worker it says 503
        if response.headers.get("Content-Type", "").startswith("text/html"):
            assert TAG not in response.getvalue()
