"""What people asked of a shop and a restored backup must not forget: to be left alone, for a
while or for good, and to be erased. Told as lines to be kept apart from the backups
(docs/operate.md), and replayed after a restore.

Nothing in them tells who anybody is: addresses and ids are HMACs, of use to nobody without
SUPPRESSION_KEY and the word itself. A customer is known again by the row's number together with
the moment it was made, for after a restore the same number may be given to somebody else.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from crm.customers.erasing import erase
from crm.customers.models import Customer, ErasedKey, Suppression

Line = dict[str, Any]


def wishes_since(shop_id: int, since: datetime, *, now: datetime) -> Iterator[Line]:
    """The shop's stops and erasures from `since` on, and everybody who rests now."""
    for stop in Suppression.objects.filter(shop_id=shop_id, at__gte=since).order_by("pk"):
        yield {
            "stopped": stop.address_hmac,
            "scope": stop.scope,
            "reason": stop.reason,
            "at": stop.at.isoformat(),
        }
    keys: dict[int, list[str]] = defaultdict(list)
    for key in ErasedKey.objects.filter(shop_id=shop_id, erased_at__gte=since).order_by("pk"):
        keys[key.customer_id].append(key.key_hmac)
    people = Customer.objects.filter(shop_id=shop_id).order_by("pk")
    for person in people.filter(Q(erased_at__gte=since) | Q(quiet_until__gt=now, erased_at=None)):
        line = {"customer": person.pk, "known_since": person.created_at.isoformat()}
        if person.erased_at:
            yield {**line, "erased_at": person.erased_at.isoformat(), "keys": keys[person.pk]}
        else:
            assert person.quiet_until
            yield {**line, "quiet_until": person.quiet_until.isoformat()}


@transaction.atomic
def replay(shop_id: int, line: Line) -> bool:
    """Have the wish in one of these lines hold again; False when it did already."""
    if "stopped" in line:
        _stop, is_new = Suppression.objects.get_or_create(
            shop_id=shop_id,
            address_hmac=line["stopped"],
            scope=line["scope"],
            defaults={"reason": line["reason"], "at": line["at"]},
        )
        return is_new
    same = Customer.objects.filter(
        shop_id=shop_id, pk=line["customer"], created_at=line["known_since"]
    )
    if "quiet_until" in line:
        until = line["quiet_until"]
        rested = same.filter(Q(quiet_until=None) | Q(quiet_until__lt=until), erased_at=None)
        return rested.update(quiet_until=until) > 0
    at = datetime.fromisoformat(line["erased_at"])
    customer = same.first()
    is_new = customer is not None and erase(customer=customer, at=at, by=None)
    return _remember(shop_id, customer, line["keys"], at) or is_new


def _remember(shop_id: int, customer: Customer | None, keys: list[str], at: datetime) -> bool:
    """Know these keys as erased, those too that the person had only after the backup."""
    known = ErasedKey.objects.filter(shop_id=shop_id, key_hmac__in=keys)
    missing = sorted(set(keys) - set(known.values_list("key_hmac", flat=True)))
    if not missing:
        return False
    if customer is None:  # they came after the backup: nobody here has been told of them yet
        customer = Customer.objects.create(shop_id=shop_id, is_contactable=False, erased_at=at)
    ErasedKey.objects.bulk_create(
        ErasedKey(shop_id=shop_id, customer=customer, key_hmac=key, erased_at=at) for key in missing
    )
    return True
