from datetime import UTC, datetime

import pytest

from crm.customers.models import CustomerIdentity
from crm.customers.selectors import customers_matching
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def kayo(shop):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳代", kana="やまぐち かよ", email="Kayo@example.jp")
        make_purchase(kayo, external_id="A-1001")
        CustomerIdentity.objects.create(
            shop=shop, customer=kayo, source="eccube", external_id="770077"
        )
        make_purchase(make_customer(shop, name="小林 直人", kana=""), external_id="A-1002")
        return kayo


@pytest.mark.parametrize(
    "words", ["山口", "佳代", "かよ", "kayo@", "ＫＡＹＯ@example.jp", "A-1001", "770077"]
)
def test_a_person_is_found_by_what_a_shop_has_at_hand(shop, kayo, words):
    with tenant(shop):
        assert list(customers_matching(shop.pk, words)) == [kayo]


def test_nothing_asked_gives_everybody_but_the_merged_and_the_erased(shop, kayo):
    with tenant(shop):
        make_customer(shop, merged_into=kayo)
        make_customer(shop, erased_at=datetime(2026, 5, 10, tzinfo=UTC))

        names = {customer.name for customer in customers_matching(shop.pk, "")}

    assert names == {"山口 佳代", "小林 直人"}
