import pytest

from crm.customers.models import Customer
from crm.shops.paging import key_of, page_by_key
from crm.tenancy.door import tenant
from tests.factories import make_customer


@pytest.mark.django_db
@pytest.mark.parametrize("newest_first", [True, False])
def test_the_pages_together_are_the_whole_list_in_order(shop, newest_first):
    with tenant(shop):
        keys = sorted((make_customer(shop).pk for _ in range(7)), reverse=newest_first)
        rows = Customer.objects.all()

        seen, after = [], None
        for _ in range(7):
            page = page_by_key(rows, after=after, newest_first=newest_first, size=3)
            seen.append([row.pk for row in page.rows])
            if page.next_after is None:
                break
            after = str(page.next_after)

    assert seen == [keys[:3], keys[3:6], keys[6:]]


@pytest.mark.django_db
def test_a_full_last_page_offers_no_empty_one_after_it(shop):
    with tenant(shop):
        for _ in range(3):
            make_customer(shop)

        assert page_by_key(Customer.objects.all(), after=None, size=3).next_after is None


@pytest.mark.django_db
def test_an_address_with_a_broken_key_begins_at_the_start(shop):
    with tenant(shop):
        customer = make_customer(shop)

        assert page_by_key(Customer.objects.all(), after="1e9").rows == [customer]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("42", 42),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("-1", None),
        ("４２", None),
        ("4\x002", None),
        ("\ud800", None),
        ("", None),
        (None, None),
    ],
)
def test_a_key_is_a_number_the_database_can_hold(text, key):
    assert key_of(text) == key
