"""Who the people of one batch are: one look at the database, decisions in memory, one write."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef

from crm.customers import bulk
from crm.customers.addresses import is_masked, normalise
from crm.customers.erased_keys import address_key, erased_among, has_erased, id_key
from crm.customers.models import Customer, CustomerIdentity, ErasedKey

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PersonIn:
    """A person as another system knows them. An empty text says nothing."""

    external_id: str = ""
    email: str = ""
    name: str = ""
    kana: str = ""
    locale: str = ""
    has_left: bool = False  # gave up the membership there: no longer to be written to


@dataclass(eq=False, slots=True)
class Entry:
    """A customer of the batch, with what decides who else they may be."""

    customer: Customer
    is_known_here: bool = False  # has an id from this source
    is_guest: bool = True  # has an id from nowhere
    is_new: bool = False
    is_changed: bool = False


class Register:
    """Finds or makes a customer for each person told of, as data-model.md, Identity, says.

    The system's own id wins. An unknown id takes over the one customer with that address
    who has no id from this system. Without an id, an address joins the one customer who
    has it or, of several, the one guest. Where several remain, a new customer is made,
    and listed in `doubtful`. A marketplace's masked address joins nobody.

    Nothing is written before `write`.
    """

    def __init__(self, *, shop_id: int, source: str, people: Iterable[PersonIn]) -> None:
        self._shop_id = shop_id
        self._source = source
        self._entries: dict[int, Entry] = {}
        self._made: list[Entry] = []
        self._identities: list[tuple[Entry, str]] = []
        self._by_id: dict[str, Entry] = {}
        self._by_address: dict[str, list[Entry]] = defaultdict(list)
        self.doubtful: list[PersonIn] = []
        people = list(people)
        self._erased: dict[str, ErasedKey] = {}
        self._left_behind: dict[int, Entry] = {}
        if has_erased(shop_id):
            keys = [key for person in people for key in self._keys_of(person)]
            self._erased = erased_among(keys, shop_id=shop_id)
        self._look_up_addresses({_address(person.email) for person in people} - {""})
        self._look_up_ids({person.external_id for person in people} - {""})

    @property
    def made(self) -> int:
        return len(self._made)

    @property
    def changed(self) -> int:
        return sum(entry.is_changed for entry in self._entries.values())

    def entry_of(self, person: PersonIn, *, at: datetime | None = None) -> Entry | None:
        """Who this is, found or made; None for a person with neither id nor address.

        `at` is when they did what is told of them; None in a list, which has no moment.
        """
        if erased := self._erased_before(person, at):
            return erased
        if person.external_id:
            return self._by_id.get(person.external_id) or self._identify(person)
        if address := _address(person.email):
            return self._guest(person, address)
        return self._make() if is_masked(person.email) else None

    def learn(self, entry: Entry, person: PersonIn, *, overwrite: bool) -> None:
        """Take over what is told of a person, or with `overwrite` False only what was unknown.

        An erased person stays erased, and a real address is never lost to a masked one.
        """
        customer = entry.customer
        if customer.erased_at is not None:
            return
        for name in ("name", "kana", "locale"):
            told, known = getattr(person, name), getattr(customer, name)
            if told and told != known and (overwrite or not known):
                setattr(customer, name, told)
                entry.is_changed = True
        self._learn_address(entry, person.email, overwrite=overwrite)
        if person.has_left and customer.is_contactable:
            customer.is_contactable = False
            entry.is_changed = True

    def write(self) -> None:
        """Write what was decided, in a few statements for the whole batch."""
        bulk.insert([entry.customer for entry in self._made])
        changed = [entry.customer for entry in self._entries.values() if entry.is_changed]
        bulk.update(changed, ["name", "kana", "email", "email_norm", "locale", "is_contactable"])
        bulk.insert(
            [
                CustomerIdentity(
                    shop_id=self._shop_id,
                    customer_id=entry.customer.pk,
                    source=self._source,
                    external_id=external_id,
                )
                for entry, external_id in self._identities
            ]
        )

    def _keys_of(self, person: PersonIn) -> list[str]:
        """By what this person would be known as erased; the id before the address."""
        keys = []
        if person.external_id:
            keys.append(id_key(self._source, person.external_id, shop_id=self._shop_id))
        if address := _address(person.email):
            keys.append(address_key(address, shop_id=self._shop_id))
        return keys

    def _erased_before(self, person: PersonIn, at: datetime | None) -> Entry | None:
        """What is left of this person, where they were erased after they did this."""
        if not self._erased:
            return None
        has_known_id = person.external_id in self._by_id
        has_known_address = bool(self._by_address.get(_address(person.email)))
        if at is None and (has_known_id or (has_known_address and not person.external_id)):
            return None  # they came back, and are in the shop's list
        keys = self._keys_of(person)
        if has_known_id:
            keys = keys[:1]  # the address may be somebody else's
        erased = next((self._erased[key] for key in keys if key in self._erased), None)
        if erased is None or (at is not None and at > erased.erased_at):
            return None
        return self._left_behind.setdefault(erased.customer_id, Entry(erased.customer))

    def _look_up_addresses(self, addresses: set[str]) -> None:
        addresses_of = dict(
            Customer.objects.filter(
                shop_id=self._shop_id, email_norm__in=addresses, erased_at=None
            ).values_list("pk", "email_norm")
        )
        # The address of one who was merged is an address of whom they were merged into.
        owners = survivors(self._shop_id, {pk: pk for pk in addresses_of})
        identities = CustomerIdentity.objects.filter(shop_id=self._shop_id, customer=OuterRef("pk"))
        here = identities.filter(source=self._source)
        for customer in Customer.objects.filter(
            shop_id=self._shop_id, pk__in=set(owners.values()), erased_at=None
        ).annotate(is_known=Exists(identities), is_known_here=Exists(here)):
            self._entries[customer.pk] = Entry(
                customer, customer.is_known_here, is_guest=not customer.is_known
            )
        for pk, address in sorted(addresses_of.items()):
            entry = self._entries.get(owners[pk])
            if entry is not None and entry not in self._by_address[address]:
                self._by_address[address].append(entry)

    def _look_up_ids(self, external_ids: set[str]) -> None:
        owners = dict(
            CustomerIdentity.objects.filter(
                shop_id=self._shop_id, source=self._source, external_id__in=external_ids
            ).values_list("external_id", "customer_id")
        )
        owners = survivors(self._shop_id, owners)
        missing = set(owners.values()) - self._entries.keys()
        for customer in Customer.objects.filter(shop_id=self._shop_id, pk__in=missing):
            self._entries[customer.pk] = Entry(customer)
        for external_id, pk in owners.items():
            entry = self._by_id[external_id] = self._entries[pk]
            entry.is_known_here, entry.is_guest = True, False

    def _identify(self, person: PersonIn) -> Entry:
        matches = self._by_address[_address(person.email)]
        free = [entry for entry in matches if not entry.is_known_here]
        entry = free[0] if len(free) == 1 else self._make()
        if len(free) > 1:
            self.doubtful.append(person)
        entry.is_known_here, entry.is_guest = True, False
        self._by_id[person.external_id] = entry
        self._identities.append((entry, person.external_id))
        return entry

    def _guest(self, person: PersonIn, address: str) -> Entry:
        matches = self._by_address[address]
        if len(matches) > 1:
            matches = [entry for entry in matches if entry.is_guest]
        if len(matches) == 1:
            return matches[0]
        if self._by_address[address]:
            self.doubtful.append(person)
        return self._make()

    def _make(self) -> Entry:
        entry = Entry(Customer(shop_id=self._shop_id), is_new=True)
        self._made.append(entry)
        return entry

    def _learn_address(self, entry: Entry, email: str, *, overwrite: bool) -> None:
        customer = entry.customer
        if email == customer.email:
            return
        address = normalise(email)
        was_masked, is_now_masked = is_masked(customer.email), is_masked(email)
        may = not customer.email or (was_masked and not is_now_masked) or overwrite
        if not address or not may or (customer.email and is_now_masked and not was_masked):
            return
        if entry in self._by_address[customer.email_norm]:
            self._by_address[customer.email_norm].remove(entry)
        if is_now_masked:
            customer.is_contactable = False
        else:
            self._by_address[address].append(entry)
            customer.is_contactable = customer.is_contactable or was_masked
        customer.email, customer.email_norm = email, address
        entry.is_changed = True


def survivors(shop_id: int, customers: Mapping[Key, int]) -> dict[Key, int]:
    """The same, where a customer who was merged gives way to whom they were merged into."""
    found = dict(customers)
    while merged := dict(
        Customer.objects.filter(
            shop_id=shop_id, pk__in=set(found.values()), merged_into__isnull=False
        ).values_list("pk", "merged_into_id")
    ):
        found = {key: merged.get(pk, pk) for key, pk in found.items()}
    return found


def _address(email: str) -> str:
    """The address as an identity; empty where there is none, or it is a marketplace's."""
    return "" if is_masked(email) else normalise(email)
