from datetime import time
from decimal import Decimal

import pytest

from crm.guard.models import GuardSettings
from crm.guard.selectors import limits_of
from crm.shops.enums import Act
from crm.shops.models import AuditEntry
from crm.stages.selectors import rule_of
from crm.tenancy.door import tenant
from crm.work.models import Work

pytestmark = pytest.mark.django_db

PAGE = "/shops/otonari/settings/restraint/"
TYPED = {
    "distance_days": "10",
    "budget": "3",
    "night_from": "20:00",
    "night_until": "09:30",
    "tolerance": "1.0",
}


@pytest.fixture(autouse=True)
def owner_is_here(client, shop, owner):
    client.force_login(owner)


def test_a_shop_that_has_set_nothing_sees_the_defaults(client):
    html = client.get(PAGE).content.decode()

    assert 'value="7"' in html
    assert 'value="21:00"' in html
    assert 'value="1.0"' in html


def test_the_restraint_is_kept_and_written_down_and_the_rule_left_alone(client, shop):
    response = client.post(PAGE, TYPED)

    assert response.headers["Location"] == PAGE
    with tenant(shop):
        limits = limits_of(shop.pk)
        assert (limits.distance_days, limits.budget) == (10, 3)
        assert (limits.night_from, limits.night_until) == (time(20), time(9, 30))
        assert AuditEntry.objects.get(act=Act.RULES_CHANGED).shop == shop
    assert not Work.objects.exists()


def test_another_band_has_the_shop_measured_and_everybody_judged_anew(client, shop):
    client.post(PAGE, TYPED | {"tolerance": "0.5"})

    with tenant(shop):
        assert rule_of(shop.pk).tolerance == Decimal("0.5")
    assert Work.objects.get().key == f"yardstick:{shop.pk}"


@pytest.mark.parametrize(
    "typed",
    [
        {"distance_days": "0"},
        {"budget": "13"},
        {"night_from": "25:00"},
        {"tolerance": "-1"},
        {"tolerance": "NaN"},
        {"budget": "9" * 400},
    ],
)
def test_what_cannot_be_is_refused_with_words_and_comes_back(client, shop, typed):
    response = client.post(PAGE, TYPED | typed)

    assert response.status_code == 422
    assert f'value="{next(iter(typed.values()))}"' in response.content.decode()
    with tenant(shop):
        assert not GuardSettings.objects.exists()
