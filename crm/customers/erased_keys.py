"""By what a person who was erased is recognised, should an old file tell of them again.

Ids and addresses are kept as HMACs: whoever has the word can find out that it was erased,
whoever has only the table can find out nothing.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings

from crm.customers.addresses import normalise
from crm.customers.models import ErasedKey


def id_key(source: str, external_id: str, *, shop_id: int) -> str:
    return _hmac(f"id:{source}:{external_id}", shop_id)


def address_key(address: str, *, shop_id: int) -> str:
    return _hmac(f"address:{normalise(address)}", shop_id)


def erased_among(keys: Iterable[str], *, shop_id: int) -> dict[str, ErasedKey]:
    """Those of these keys that were erased, each with whose it was."""
    found = ErasedKey.objects.filter(shop_id=shop_id, key_hmac__in=set(keys))
    return {erased.key_hmac: erased for erased in found.select_related("customer")}


def has_erased(shop_id: int) -> bool:
    """Whether anybody was ever erased in this shop."""
    return ErasedKey.objects.filter(shop_id=shop_id).exists()


def _hmac(word: str, shop_id: int) -> str:
    key = f"crm.erased:{shop_id}:{settings.SUPPRESSION_KEY}".encode()
    return hmac.new(key, word.encode(), sha256).hexdigest()
