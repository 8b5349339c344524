import pytest

from crm.customers.by_hand import SOURCE, add_customer, correct_customer
from crm.customers.models import Customer, CustomerIdentity
from crm.customers.register import PersonIn
from crm.tenancy.door import tenant
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef" * 2


def test_the_same_form_adds_the_same_person(shop):
    told = PersonIn(name="山口 佳代", email="kayo@example.jp")
    with tenant(shop):
        people = [add_customer(shop_id=shop.pk, key=KEY, told=told) for _ in range(2)]

        assert people[0] == people[1]
        assert Customer.objects.count() == 1
        assert CustomerIdentity.objects.get().source == SOURCE


def test_whom_a_form_added_is_found_in_whom_they_became(shop):
    with tenant(shop):
        kayo = make_customer(shop)
        twin = add_customer(shop_id=shop.pk, key=KEY, told=PersonIn(name="佳代"))
        Customer.objects.filter(pk=twin.pk).update(merged_into=kayo)

        assert add_customer(shop_id=shop.pk, key=KEY, told=PersonIn(name="佳代")) == kayo


def test_who_was_erased_is_not_written_down_again(shop):
    with tenant(shop):
        gone = make_customer(shop, name="", email="")
        Customer.objects.filter(pk=gone.pk).update(erased_at="2026-05-10T00:00Z")

        with pytest.raises(Customer.DoesNotExist):
            correct_customer(customer=gone, told=PersonIn(name="山口"))


def test_an_address_is_compared_as_every_address_is(shop):
    with tenant(shop):
        kayo = make_customer(shop)

        corrected = correct_customer(customer=kayo, told=PersonIn(email="Ｋayo@Example.jp"))

    assert corrected.email_norm == "kayo@example.jp"
