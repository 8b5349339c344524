from datetime import date, timedelta

import pytest

from crm.figures.counts.feelings import feelings
from crm.figures.counts.outcomes import loyalty
from crm.figures.periods import Period
from crm.ledger.enums import Kind
from crm.stages.rule_settings import RuleSettings
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

RULE = RuleSettings()
LAST = date(2026, 5, 10)
DAY = timedelta(days=1)


def loyalty_of(shop):
    period = Period(LAST, 30, shop.zone)
    return loyalty(shop, period.span, period, RULE)


def test_who_bought_before_has_come_again_and_two_orders_of_one_day_are_one(shop):
    with tenant(shop):
        again, new, twice_a_day = (make_customer(shop) for _ in range(3))
        make_purchase(again, ordered_at=NOON - 90 * DAY, total=900_000)
        make_purchase(again, ordered_at=NOON - 5 * DAY, total=200_000)
        make_purchase(new, ordered_at=NOON - 5 * DAY, total=400_000)
        make_purchase(twice_a_day, ordered_at=NOON, total=300_000, refunded=100_000)
        make_purchase(twice_a_day, ordered_at=NOON, total=600_000)

        found = loyalty_of(shop)

    assert (found["buyers"], found["repeaters"]) == (3, 1)
    n, mean, _deviation = found["spent"]
    assert (n, mean) == (3, (200_000 + 400_000 + 400_000) / 3)


def test_what_is_void_a_renewal_or_of_another_currency_counts_for_less(shop):
    with tenant(shop):
        customer = make_customer(shop)
        make_purchase(customer, status="cancelled")
        make_purchase(customer, refunded=500_000)
        make_purchase(customer, subscription_id="s", subscription_no=2)
        make_purchase(customer, ordered_at=NOON - DAY, currency="USD")

        found = loyalty_of(shop)

    assert (found["buyers"], found["repeaters"], found["spent"]) == (1, 0, [0, None, None])


def test_telling_others_counts_where_it_is_unrewarded_and_public_or_an_introduction(shop):
    with tenant(shop):
        one, two = make_customer(shop), make_customer(shop)
        make_touchpoint(one, Kind.SHARE, is_public=True)
        make_touchpoint(one, Kind.SHARE)
        make_touchpoint(one, Kind.REFERRAL, other_customer=two)
        make_touchpoint(two, Kind.REFERRAL, other_customer=two)
        make_touchpoint(two, Kind.REVIEW, is_public=True, stars=5, text="よい香りでした。")
        make_touchpoint(two, Kind.REVIEW, is_public=True, stars=3, text="ふつうの香りでした。")
        make_touchpoint(two, Kind.SHARE, is_public=True, is_rewarded=True)

        found = loyalty_of(shop)

    assert (found["passers"], found["passes"]) == (2, 3)


def test_pairs_and_comparisons_are_counted_apart_with_what_followed_each(shop):
    given = NOON - 100 * DAY
    with tenant(shop):
        for value, complains in ((4, True), (9, False)):
            customer = make_customer(shop)
            order = make_purchase(customer, ordered_at=given - 10 * DAY)
            make_touchpoint(customer, Kind.EXPECTATION, at=given - 9 * DAY, purchase=order, value=7)
            make_touchpoint(customer, Kind.EVALUATION, at=given, purchase=order, value=value)
            if complains:
                make_touchpoint(customer, Kind.COMPLAINT, at=given + DAY, thread="1")
            else:
                make_purchase(customer, ordered_at=given + 80 * DAY)
        make_touchpoint(make_customer(shop), Kind.PERCEIVED, at=NOON - DAY, value=0)

        found = feelings(shop, Period(LAST, 30, shop.zone), RULE)

    assert [tuple(row.values()) for row in found] == [
        # is_pair, balance, lately, followed, complained, repeated, passed
        (True, -1, 0, 1, 1, 0, 0),
        (True, 1, 0, 1, 0, 1, 0),
        (False, 0, 1, 0, 0, 0, 0),
    ]
