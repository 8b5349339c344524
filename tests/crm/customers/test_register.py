from dataclasses import replace
from datetime import timedelta

import pytest

from crm.customers.enums import ConsentPurpose, SuppressionReason, SuppressionScope
from crm.customers.models import Consent, Customer, Purchase
from crm.customers.register import PersonIn
from crm.customers.selectors import latest_consent
from crm.customers.services import is_suppressed, suppress
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.customers.told import (
    GUEST,
    KAYO,
    MASKED,
    an_order,
    customers,
    identities,
    owners,
    take_in,
    take_in_people,
)
from tests.factories import NOON, make_customer

pytestmark = pytest.mark.django_db


# -- who it is ----------------------------------------------------------------------------


def test_orders_with_one_id_are_one_customer_s(shop):
    taken = take_in(
        shop, an_order(1), an_order(2), an_order(3, replace(KAYO, external_id="13", email=""))
    )

    assert owners(shop) == [("1", 1), ("2", 1), ("3", 2)]
    assert (taken.created, taken.customers_created, taken.unattached) == (3, 2, 0)


def test_two_carts_may_both_have_a_customer_12(shop):
    take_in(shop, an_order(1, PersonIn(external_id="12", email="a@example.jp")), source="eccube")
    take_in(shop, an_order(1, PersonIn(external_id="12", email="b@example.jp")), source="shopify")

    assert owners(shop) == [("1", 1), ("1", 2)]
    assert [(source, number) for _, source, number in identities(shop)] == [
        ("eccube", "12"),
        ("shopify", "12"),
    ]


def test_the_same_address_in_two_carts_is_one_customer_with_two_ids(shop):
    take_in(shop, an_order(1, KAYO), source="eccube")
    take_in(shop, an_order(1, replace(KAYO, external_id="77")), source="shopify")

    assert owners(shop) == [("1", 1), ("1", 1)]
    assert len(identities(shop)) == 2


def test_a_guest_who_later_registers_is_the_same_customer(shop):
    take_in(shop, an_order(1, GUEST))
    take_in(shop, an_order(2, KAYO))

    assert owners(shop) == [("1", 1), ("2", 1)]
    assert [number for _, _, number in identities(shop)] == ["12"]


def test_a_member_who_orders_as_a_guest_is_the_same_customer(shop):
    take_in(shop, an_order(1, KAYO))
    take_in(shop, an_order(2, GUEST))

    assert owners(shop) == [("1", 1), ("2", 1)]


def test_guest_and_member_in_one_batch_are_the_same_in_any_order(shop, other_shop):
    take_in(shop, an_order(1, GUEST), an_order(2, KAYO))
    take_in(other_shop, an_order(1, KAYO), an_order(2, GUEST))

    assert owners(shop) == owners(other_shop) == [("1", 1), ("2", 1)]


def test_who_is_who_in_one_batch_does_not_depend_on_its_order(shop, other_shop):
    orders = [an_order(1, GUEST), an_order(2, KAYO), an_order(3, replace(KAYO, external_id="13"))]

    take_in(shop, *orders)
    take_in(other_shop, *reversed(orders))

    assert owners(shop) == owners(other_shop)


def test_an_address_is_compared_without_its_case_and_width(shop):
    take_in(shop, an_order(1, GUEST), an_order(2, replace(GUEST, email="ＫＡＹＯ@Example.JP")))

    assert owners(shop) == [("1", 1), ("2", 1)]


def test_two_ids_with_one_address_are_two_customers(shop):
    take_in(shop, an_order(1, KAYO), an_order(2, replace(KAYO, external_id="13")))

    assert owners(shop) == [("1", 1), ("2", 2)]


def test_where_several_match_a_new_customer_is_made_and_listed(shop):
    with tenant(shop):
        for _ in range(2):
            make_customer(shop, email="kayo@example.jp")

    taken = take_in(shop, an_order(1, KAYO))

    assert taken.to_merge == [KAYO]
    assert len(customers(shop)) == 3


def test_a_guest_whom_several_match_is_made_once(shop):
    take_in(shop, an_order(1, KAYO), an_order(2, replace(KAYO, external_id="13")))

    first = take_in(shop, an_order(3, GUEST))
    second = take_in(shop, an_order(4, GUEST))

    assert (first.to_merge, second.to_merge) == ([GUEST], [])
    assert owners(shop) == [("1", 1), ("2", 2), ("3", 3), ("4", 3)]


def test_an_order_of_nobody_stays_unattached_and_is_counted(shop):
    taken = take_in(shop, an_order(1, PersonIn(name="山口 佳代")))

    assert owners(shop) == [("1", None)]
    assert (taken.unattached, customers(shop)) == (1, [])


def test_an_unattached_order_finds_its_customer_when_a_later_file_names_them(shop):
    take_in(shop, an_order(1, PersonIn()))

    taken = take_in(shop, an_order(1, KAYO))

    assert owners(shop) == [("1", 1)]
    assert (taken.updated, taken.unattached) == (1, 0)


def test_a_masked_address_joins_nobody_and_nobody_writes_to_it(shop):
    taken = take_in(shop, an_order(1, MASKED), an_order(2, MASKED))

    assert owners(shop) == [("1", 1), ("2", 2)]
    assert [customer.is_contactable for customer in customers(shop)] == [False, False]
    assert taken.masked == 2


def test_a_masked_address_is_not_asked_who_it_is(shop):
    with tenant(shop):
        make_customer(shop, email=MASKED.email, is_contactable=False)

    take_in(shop, an_order(1, replace(MASKED, external_id="12")))

    assert len(customers(shop)) == 2


def test_an_id_knows_its_customer_behind_a_mask(shop):
    known = replace(MASKED, external_id="12")

    take_in(shop, an_order(1, known), an_order(2, known))

    assert owners(shop) == [("1", 1), ("2", 1)]


def test_a_real_address_takes_the_place_of_a_masked_one_and_never_the_other_way(shop):
    take_in(shop, an_order(1, replace(MASKED, external_id="12")))
    take_in(shop, an_order(2, KAYO))
    take_in_people(shop, replace(MASKED, external_id="12"))

    (customer,) = customers(shop)
    assert (customer.email, customer.is_contactable) == ("kayo@example.jp", True)


def test_the_id_wins_over_the_customer_an_address_had_found(shop):
    take_in(shop, an_order(1, replace(GUEST, email="family@example.jp")))
    with tenant(shop):
        Work.objects.filter(shop=shop).delete()

    taken = take_in(shop, an_order(1, KAYO))

    assert taken.updated == 1
    with tenant(shop):
        purchase = Purchase.objects.select_related("customer").get(shop=shop)
        marked = set(Work.objects.filter(shop=shop, kind="review").values_list("ref", flat=True))
    assert purchase.customer.email == "kayo@example.jp"
    assert marked == {customer.pk for customer in customers(shop)}


def test_an_order_found_by_address_stays_where_it_is(shop):
    """The address may have changed hands, or its customer been merged by hand."""
    take_in(shop, an_order(1, GUEST))
    with tenant(shop):
        Customer.objects.filter(shop=shop).update(
            email="new@example.jp", email_norm="new@example.jp"
        )
        make_customer(shop, email="kayo@example.jp")

    taken = take_in(shop, an_order(1, GUEST))

    assert (taken.unchanged, owners(shop)) == (1, [("1", 1)])


def test_new_orders_of_one_who_was_merged_go_to_whom_they_were_merged_into(shop):
    take_in(shop, an_order(1, KAYO))
    with tenant(shop):
        survivor = make_customer(shop)
        Customer.objects.exclude(pk=survivor.pk).filter(shop=shop).update(merged_into=survivor)

    taken = take_in(shop, an_order(1, KAYO), an_order(2, KAYO))

    assert (taken.unchanged, taken.created) == (1, 1)
    with tenant(shop):
        assert Purchase.objects.get(shop=shop, external_id="2").customer_id == survivor.pk
        assert Purchase.objects.get(shop=shop, external_id="1").customer_id != survivor.pk


@pytest.mark.parametrize("email", ["other@example.jp", GUEST.email])
def test_the_address_of_one_who_was_merged_leads_to_whom_they_were_merged_into(shop, email):
    take_in(shop, an_order(1, GUEST))
    with tenant(shop):
        survivor = make_customer(shop, email=email)
        Customer.objects.exclude(pk=survivor.pk).filter(shop=shop).update(merged_into=survivor)

    taken = take_in(shop, an_order(2, GUEST))

    assert (taken.customers_created, taken.to_merge) == (0, [])
    with tenant(shop):
        assert Purchase.objects.get(shop=shop, external_id="2").customer_id == survivor.pk


def test_customers_of_another_shop_are_strangers(shop, other_shop):
    take_in(other_shop, an_order(1, KAYO))

    taken = take_in(shop, an_order(1, KAYO))

    assert (taken.created, taken.customers_created) == (1, 1)


# -- what is told of them -----------------------------------------------------------------


def test_a_list_of_customers_is_believed(shop):
    take_in(shop, an_order(1, KAYO))
    told = replace(
        KAYO, name="山口 かよ", kana="ヤマグチ カヨ", email="new@example.jp", locale="en"
    )

    taken = take_in_people(shop, told)

    (customer,) = customers(shop)
    assert (customer.name, customer.kana, customer.email, customer.email_norm, customer.locale) == (
        "山口 かよ",
        "ヤマグチ カヨ",
        "new@example.jp",
        "new@example.jp",
        "en",
    )
    assert (taken.updated, taken.created) == (1, 0)


def test_what_a_list_does_not_say_stays(shop):
    take_in_people(shop, KAYO)

    taken = take_in_people(shop, PersonIn(external_id="12"))

    assert (taken.unchanged, customers(shop)[0].name) == (1, "山口 佳代")


def test_an_order_fills_what_is_unknown_and_overwrites_nothing(shop):
    take_in_people(shop, PersonIn(external_id="12", name="山口 佳代"))

    take_in(shop, an_order(1, PersonIn(external_id="12", name="贈り主", email="kayo@example.jp")))

    (customer,) = customers(shop)
    assert (customer.name, customer.email) == ("山口 佳代", "kayo@example.jp")


def test_a_new_customer_is_called_as_in_their_latest_order(shop):
    old = replace(KAYO, name="旧姓 佳代")

    take_in(shop, an_order(1, old), an_order(2, KAYO, ordered_at=NOON + timedelta(days=1)))

    assert customers(shop)[0].name == "山口 佳代"


def test_who_left_is_no_longer_written_to(shop):
    take_in_people(shop, KAYO)

    take_in_people(shop, PersonIn(external_id="12", has_left=True))

    (customer,) = customers(shop)
    assert (customer.is_contactable, customer.email) == (False, "kayo@example.jp")


def test_an_erased_person_stays_erased(shop):
    take_in_people(shop, KAYO)
    with tenant(shop):
        Customer.objects.filter(shop=shop).update(name="", email="", email_norm="", erased_at=NOON)

    take_in_people(shop, KAYO)
    take_in(shop, an_order(1, KAYO))

    (customer,) = customers(shop)
    assert (customer.name, customer.email) == ("", "")


def test_a_suppressed_address_stays_so_when_the_person_comes_back(shop):
    with tenant(shop):
        suppress(
            shop_id=shop.pk,
            address="Kayo@example.jp",
            reason=SuppressionReason.UNSUBSCRIBED,
            at=NOON,
        )

    take_in(shop, an_order(1, KAYO))
    take_in_people(shop, KAYO)

    (customer,) = customers(shop)
    with tenant(shop):
        assert is_suppressed(shop_id=shop.pk, address=customer.email, scope=SuppressionScope.SURVEY)


def test_consent_is_never_inferred(shop):
    take_in(shop, an_order(1, KAYO))
    take_in_people(shop, KAYO)

    with tenant(shop):
        assert not Consent.objects.filter(shop=shop).exists()
        assert latest_consent(Customer.objects.get(shop=shop), ConsentPurpose.FOLLOW_UP) is None
