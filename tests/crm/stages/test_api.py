import pytest

from crm.ledger.enums import Kind
from crm.shops.services import issue_api_key
from crm.stages.models import Relationship
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(shop, client):
    _row, key = issue_api_key(shop=shop, name="test")
    return lambda: client.get("/api/v1/stages/", headers={"Authorization": f"Bearer {key}"})


def test_a_stage_comes_with_what_it_rests_on(shop, get):
    with tenant(shop):
        kayo = make_customer(shop)
        order = make_purchase(kayo, total=864_050)
        act = make_touchpoint(kayo, Kind.IDEA)
        reassess(customer=kayo, now=NOON)
        row = Relationship.objects.get()

    (said,) = get().json()["results"]

    assert said == {
        "customer": kayo.pk,
        "stage": "empathy",
        "since_on": "2026-05-10",
        "peak": "empathy",
        "marks": row.marks,
        "orders": 1,
        "spent": "8640.50",
        "first_on": "2026-05-10",
        "last_on": "2026-05-10",
        "gates": row.gates,
        "review_on": str(row.review_on),
        "version": row.version,
    }
    assert f"purchase:{order.pk}" in str(said["gates"])
    assert f"touchpoint:{act.pk}" in str(said["gates"])


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_the_same_few_questions_however_long(
    number, shop, get, django_assert_num_queries
):
    with tenant(shop):
        for _ in range(number):
            customer = make_customer(shop)
            make_purchase(customer)
            reassess(customer=customer, now=NOON)

    # three for the key, its use and its pace, four for the shop's transaction, one for the stages
    with django_assert_num_queries(8):
        get()
