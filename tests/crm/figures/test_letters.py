from datetime import date, timedelta

import pytest

from crm.figures.letters import latest_letters
from crm.ledger.enums import Kind
from crm.stages.enums import Balance
from crm.tenancy.door import tenant
from tests.factories import NOON, make_customer, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2026, 5, 10)


def test_the_newest_words_come_first_whenever_they_arrived(shop):
    with tenant(shop):
        customer = make_customer(shop)
        for ago in (3, 9, 1):
            make_touchpoint(customer, Kind.LETTER, at=NOON - ago * DAY, text=f"{ago}日前の手紙")

        found = [letter.text for letter in latest_letters(shop, today=TODAY)]

    assert found == ["1日前の手紙", "3日前の手紙", "9日前の手紙"]


def test_an_answer_says_how_it_was_against_what_was_expected(shop):
    with tenant(shop):
        customer = make_customer(shop)
        order = make_purchase(customer, ordered_at=NOON - 9 * DAY)
        make_touchpoint(customer, Kind.EXPECTATION, at=NOON - 8 * DAY, purchase=order, value=6)
        make_touchpoint(
            customer, Kind.EVALUATION, at=NOON - DAY, purchase=order, value=9, text="香りがよい"
        )

        (letter,) = latest_letters(shop, today=TODAY)

    assert letter.balance is Balance.DELIGHTED


def test_a_machines_words_a_complaint_and_what_was_corrected_are_left_out(shop):
    with tenant(shop):
        customer = make_customer(shop)
        make_touchpoint(customer, Kind.NPS, value=1, text="spam spam", is_suspected=True)
        make_touchpoint(customer, Kind.COMPLAINT, text="箱がつぶれていました", thread="1")
        first = make_touchpoint(customer, Kind.NPS, value=8, text="はじめの言葉")
        make_touchpoint(customer, Kind.NPS, value=9, text="直した言葉", replaces=first)

        found = [letter.text for letter in latest_letters(shop, today=TODAY)]

    assert found == ["直した言葉"]
