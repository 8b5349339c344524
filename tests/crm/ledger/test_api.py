from typing import Any

import pytest
from django.utils import timezone

from crm.customers.erasing import erase
from crm.customers.models import Customer
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.shops.models import Shop
from crm.stages.services import reassess
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint
from tests.machines import Machine

pytestmark = pytest.mark.django_db

WORDS = "急須の口切れがよく、最後の一滴まできれいに注げます。"


@pytest.fixture
def machine(shop: Shop) -> Machine:
    return Machine(shop)


@pytest.fixture
def kayo(shop: Shop) -> Customer:
    with tenant(shop):
        return make_customer(shop, name="山口 佳代")


def fact(customer: Customer, **more: Any) -> dict[str, Any]:
    """A letter that came in; `more` says otherwise."""
    letter = {
        "external_id": "r-991", "customer": customer.pk, "kind": "letter",
        "at": "2026-05-20T09:30:00+09:00", "text": WORDS,
    }  # fmt: skip
    return letter | more


def test_a_fact_that_is_told_is_in_the_ledger_and_has_its_customer_reviewed(
    shop: Shop, kayo: Customer, machine: Machine
) -> None:
    answer = machine.tell("touchpoints/", fact(kayo, source="desk"))

    assert answer.status_code == 201
    told = answer.json()
    assert (told["source"], told["text"], told["standing"]) == ("api.desk:r-991", WORDS, "counts")
    assert machine.get(f"touchpoints/{told['id']}/").json() == told
    assert machine.get("touchpoints/", customer=kayo.pk).json()["results"] == [told]
    with tenant(shop):
        assert Work.objects.filter(kind="review", ref=kayo.pk).exists()


def test_a_fact_is_recorded_once_whatever_is_told_of_it_later(
    shop: Shop, kayo: Customer, machine: Machine
) -> None:
    first = machine.tell("touchpoints/", fact(kayo))

    again = machine.tell("touchpoints/", fact(kayo, kind="complaint", text="ちがいます"))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    with tenant(shop):
        assert Touchpoint.objects.count() == 1


def test_two_systems_may_number_alike(kayo: Customer, machine: Machine) -> None:
    answers = [machine.tell("touchpoints/", fact(kayo, source=name)) for name in ("desk", "blog")]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_complaint_opens_a_case_of_its_own(shop: Shop, kayo: Customer, machine: Machine) -> None:
    machine.tell("touchpoints/", fact(kayo, kind="complaint"))

    with tenant(shop):
        assert Touchpoint.objects.get().thread == "api.api:r-991"


def test_a_referral_names_both(shop: Shop, kayo: Customer, machine: Machine) -> None:
    with tenant(shop):
        friend = make_customer(shop)

    answer = machine.tell("touchpoints/", fact(kayo, kind="referral", other_customer=friend.pk))

    assert answer.json()["other_customer"] == friend.pk


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "evaluation"},
        {"kind": "unsubscribed"},
        {"kind": "nps"},
        {"kind": "nps", "value": 11},
        {"kind": "review"},
        {"kind": "review", "stars": 0},
        {"kind": "referral"},
        {"kind": "referral", "other_customer": 999_999},
        {"customer": 999_999},
        {"customer": 10**30},
        {"purchase": 999_999},
        {"external_id": "と"},
        {"external_id": "a b"},
        {"at": "2999-01-01T00:00Z"},
        {"text": "あ" * 5001},
        {"standing": "counts"},
        {"medium": "pigeon"},
    ],
)
def test_a_fact_that_cannot_be_is_refused(
    shop: Shop, kayo: Customer, machine: Machine, more: dict[str, Any]
) -> None:
    answer = machine.tell("touchpoints/", fact(kayo) | more)

    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"]
    with tenant(shop):
        assert not Touchpoint.objects.exists()


def test_a_purchase_must_be_the_customers_own(shop: Shop, kayo: Customer, machine: Machine) -> None:
    with tenant(shop):
        own, of_another = make_purchase(kayo), make_purchase(make_customer(shop))

    assert machine.tell("touchpoints/", fact(kayo, purchase=of_another.pk)).status_code == 400
    assert machine.tell("touchpoints/", fact(kayo, purchase=own.pk)).status_code == 201


def test_of_somebody_erased_nothing_is_recorded(
    shop: Shop, kayo: Customer, machine: Machine
) -> None:
    with tenant(shop):
        erase(customer=kayo, at=timezone.now(), by=None)

    answer = machine.tell("touchpoints/", fact(kayo))

    assert (answer.status_code, answer.json()["code"]) == (409, "erased")


def test_where_a_customer_stands_is_read_by_their_id(
    shop: Shop, kayo: Customer, machine: Machine
) -> None:
    with tenant(shop):
        make_purchase(kayo)
        make_touchpoint(kayo, Kind.LETTER, text=WORDS)
        reassess(customer=kayo, now=NOON)

    told = machine.get(f"stages/{kayo.pk}/").json()

    assert (told["customer"], told["stage"], told["spent"]) == (kayo.pk, "empathy", "5000.00")
    assert machine.get("stages/", customer=kayo.pk).json()["results"] == [told]
