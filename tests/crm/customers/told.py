"""People and orders as a cart tells of them, and what became of them."""

from django.db import connection

from crm.customers.intake import OrderIn, Taken, take_in_customers, take_in_orders
from crm.customers.models import Customer, CustomerIdentity, Purchase
from crm.customers.register import PersonIn
from crm.tenancy.door import tenant
from tests.factories import NOON

KAYO = PersonIn(external_id="12", email="kayo@example.jp", name="山口 佳代")
GUEST = PersonIn(email="kayo@example.jp", name="山口 佳代")
MASKED = PersonIn(email="abc123@fw.rakuten.ne.jp", name="山口 佳代")


def an_order(number: int = 1, person: PersonIn = KAYO, **kwargs) -> OrderIn:
    values = {"ordered_at": NOON, "total": 5_000_00, "currency": "JPY", **kwargs}
    return OrderIn(external_id=f"{number}", person=person, **values)


def take_in(shop, *orders: OrderIn, source: str = "cart") -> Taken:
    with tenant(shop):
        return take_in_orders(shop_id=shop.pk, source=source, orders=orders)


def take_in_people(shop, *people: PersonIn, source: str = "cart") -> Taken:
    with tenant(shop):
        return take_in_customers(shop_id=shop.pk, source=source, people=people)


def owners(shop) -> list[tuple[str, int | None]]:
    """The orders with whose they are; equal customers have equal numbers, from 1 on."""
    with tenant(shop):
        rows = list(
            Purchase.objects.filter(shop=shop)
            .order_by("source", "external_id")
            .values_list("external_id", "customer_id")
        )
    numbers: dict[int | None, int | None] = {None: None}
    return [(number, numbers.setdefault(pk, len(numbers))) for number, pk in rows]


def customers(shop) -> list[Customer]:
    with tenant(shop):
        return list(Customer.objects.filter(shop=shop).order_by("pk"))


def identities(shop) -> list[tuple[int, str, str]]:
    with tenant(shop):
        rows = CustomerIdentity.objects.filter(shop=shop).order_by("pk")
        return list(rows.values_list("customer_id", "source", "external_id"))


def everything(shop) -> list:
    """Every row there is, with the place where it was last written."""
    tables = ("customer", "customeridentity", "purchase", "purchaseline", "consent", "work")
    with tenant(shop), connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT ctid, t::text FROM crm_{table} t ORDER BY id")  # noqa: S608
            rows.append((table, cursor.fetchall()))
        return rows
