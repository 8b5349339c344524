"""Who is meant by a few words: part of a name, its reading or an address, or a whole number."""

import unicodedata
from typing import Final

from django.db import connection

from crm.customers.models import CustomerIdentity, Purchase

#: More people than anybody looks through; who finds so many writes another letter.
MOST: Final = 1000


def found_customers(shop_id: int, words: str, *, most: int = MOST) -> list[int]:
    """The ids of at most so many present customers, in no order.

    Hiragana and katakana, full and half width, capitals and the variants of kanji in names
    make no difference; a single character finds what begins with it, the domain of an address
    nobody, and orders and customers are found by their number as a whole. To be called behind
    the shop's door, which alone says whose people are looked through.
    """
    numbers = _numbers(words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT crm_found_customers(%s, %s)", [words, most])
        found = {pk for (pk,) in cursor.fetchall()}
    orders = Purchase.objects.filter(
        shop_id=shop_id, external_id__in=numbers, customer__isnull=False
    )
    identities = CustomerIdentity.objects.filter(shop_id=shop_id, external_id__in=numbers)
    found.update(orders.values_list("customer_id", flat=True)[:most])
    found.update(identities.values_list("customer_id", flat=True)[:most])
    return list(found)[:most]


def _numbers(words: str) -> set[str]:
    """An order number as it may have been typed: in full width, with or without its #."""
    plain = unicodedata.normalize("NFKC", words).strip()
    return {words, plain, plain.upper(), plain.removeprefix("#"), f"#{plain}"} - {"", "#"}
