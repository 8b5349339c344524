from dataclasses import replace
from datetime import timedelta

import pytest

from crm.customers.enums import PurchaseStatus
from crm.customers.intake import TOLD, LineIn
from crm.customers.models import Customer, Purchase, PurchaseLine
from crm.customers.register import PersonIn
from crm.tenancy.door import tenant
from crm.work.models import Work
from tests.crm.customers.told import (
    GUEST,
    KAYO,
    MASKED,
    an_order,
    customers,
    everything,
    take_in,
    take_in_people,
)
from tests.factories import NOON, make_customer, make_purchase

pytestmark = pytest.mark.django_db


def test_an_order_is_kept_as_told(shop):
    order = an_order(
        total=29_33,
        currency="USD",
        status=PurchaseStatus.SHIPPED,
        refunded=1_00,
        delivered_at=NOON + timedelta(days=2),
        channel="店頭",
        subscription_id="S1",
        subscription_no=3,
        lines=(LineIn("深蒸し茶", "TEA-01", 2), LineIn("湯のみ")),
    )

    taken = take_in(shop, order)

    assert (taken.created, taken.updated, taken.unchanged) == (1, 0, 0)
    with tenant(shop):
        purchase = Purchase.objects.get(shop=shop)
        lines = list(
            PurchaseLine.objects.filter(shop=shop)
            .order_by("position")
            .values_list("position", "product", "code", "quantity")
        )
    for name in (*TOLD, "external_id"):
        assert getattr(purchase, name) == getattr(order, name)
    assert lines == [(1, "深蒸し茶", "TEA-01", 2), (2, "湯のみ", "", 1)]


def test_two_orders_on_one_day_and_an_order_of_nothing_are_orders(shop):
    taken = take_in(shop, an_order(1), an_order(2), an_order(3, total=0))

    assert taken.created == 3


def test_telling_the_same_again_touches_no_row(shop):
    orders = [
        an_order(1, KAYO, status=PurchaseStatus.PAID, lines=(LineIn("深蒸し茶"),)),
        an_order(2, GUEST),
        an_order(3, MASKED),
        an_order(4, PersonIn()),
        an_order(5, replace(KAYO, external_id="13")),
    ]
    take_in(shop, *orders)
    take_in_people(shop, KAYO)
    before = everything(shop)

    taken = take_in(shop, *orders)
    taken_people = take_in_people(shop, KAYO)

    assert everything(shop) == before
    assert (taken.unchanged, taken.created, taken.updated) == (5, 0, 0)
    assert (taken_people.unchanged, taken_people.customers_updated) == (1, 0)


def test_a_later_word_changes_status_and_refund(shop):
    take_in(shop, an_order(1), an_order(2))

    taken = take_in(
        shop,
        an_order(1, status=PurchaseStatus.CANCELLED),
        an_order(2, status=PurchaseStatus.PAID, refunded=500_00),
    )

    with tenant(shop):
        stored = Purchase.objects.filter(shop=shop).order_by("external_id")
        assert list(stored.values_list("status", "refunded", "voided_at", "refunded_at")) == [
            ("cancelled", 0, None, None),
            ("paid", 500_00, None, None),
        ]
    assert taken.updated == 2


def test_what_is_not_told_of_an_order_stays(shop):
    take_in(shop, an_order(1, status=PurchaseStatus.CANCELLED, refunded=500_00, channel="店頭"))

    taken = take_in(shop, an_order(1))

    assert taken.unchanged == 1
    with tenant(shop):
        assert Purchase.objects.get(shop=shop).status == PurchaseStatus.CANCELLED


def test_an_order_that_counts_again_loses_the_moment_it_was_voided(shop):
    with tenant(shop):
        make_purchase(
            make_customer(shop),
            source="cart",
            external_id="1",
            status=PurchaseStatus.CANCELLED,
            voided_at=NOON,
            refunded=1,
            refunded_at=NOON,
        )

    take_in(shop, an_order(1, PersonIn(), status=PurchaseStatus.PAID, refunded=0))

    with tenant(shop):
        purchase = Purchase.objects.get(shop=shop)
    assert (purchase.voided_at, purchase.refunded_at) == (None, None)


def test_other_products_take_the_place_of_the_old_ones(shop):
    take_in(shop, an_order(1, lines=(LineIn("深蒸し茶"), LineIn("湯のみ"))))

    taken = take_in(shop, an_order(1, lines=(LineIn("湯のみ", quantity=2),)))

    with tenant(shop):
        lines = PurchaseLine.objects.filter(shop=shop).values_list("product", "quantity")
        assert list(lines) == [("湯のみ", 2)]
    assert (taken.updated, taken.unchanged) == (1, 0)


def test_only_customers_whose_orders_changed_are_marked_for_review(shop):
    others = replace(KAYO, external_id="13", email="other@example.jp")
    take_in(shop, an_order(1, KAYO), an_order(2, others), an_order(3, PersonIn()))
    with tenant(shop):
        marked = sorted(Work.objects.filter(shop=shop).values_list("kind", "ref"))
        Work.objects.filter(shop=shop).delete()

    take_in(shop, an_order(1, KAYO), an_order(2, others, refunded=1))

    assert marked == [("review", customer.pk) for customer in customers(shop)]
    with tenant(shop):
        (work,) = Work.objects.filter(shop=shop)
        assert work.ref == Customer.objects.get(email="other@example.jp", shop=shop).pk


def test_a_batch_costs_the_same_few_statements_for_one_order_and_for_many(
    shop, django_assert_num_queries
):
    few = [an_order(1, GUEST), an_order(2, KAYO, lines=(LineIn("茶"),))]
    many = [
        an_order(n, PersonIn(external_id=f"{n}", email=f"c{n}@example.jp"), lines=(LineIn("茶"),))
        for n in range(20, 80)
    ] + [an_order(100, PersonIn(email="guest@example.jp"))]

    with django_assert_num_queries(19):
        take_in(shop, *few)
    with django_assert_num_queries(19):
        take_in(shop, *many)
