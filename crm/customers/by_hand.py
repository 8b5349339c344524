"""Customers as staff write them down and correct them."""

from django.db import transaction

from crm.customers.addresses import is_masked, normalise
from crm.customers.intake import take_in_customers
from crm.customers.models import Customer, CustomerIdentity
from crm.customers.register import PersonIn, survivors

#: What staff call a source of their own; its ids are keys of forms, which say nothing to anybody.
SOURCE = "hand"


@transaction.atomic
def add_customer(*, shop_id: int, key: str, told: PersonIn) -> Customer:
    """Somebody new, or the one whom this form added before: sent twice, it adds nothing.

    Goes the way of every list (intake.py), so an address known to exactly one customer makes
    the two one person; ask `customer_with_address` first.
    """
    person = PersonIn(
        external_id=key, email=told.email, name=told.name, kana=told.kana, locale=told.locale
    )
    take_in_customers(shop_id=shop_id, source=SOURCE, people=[person])
    identity = CustomerIdentity.objects.get(shop_id=shop_id, source=SOURCE, external_id=key)
    owner = survivors(shop_id, {key: identity.customer_id})[key]
    return Customer.objects.get(shop_id=shop_id, pk=owner)


@transaction.atomic
def correct_customer(*, customer: Customer, told: PersonIn) -> Customer:
    """Write down who they are, as told now; an empty text takes away what was known."""
    customer = Customer.objects.select_for_update(no_key=True).get(
        shop_id=customer.shop_id, pk=customer.pk, erased_at=None
    )
    was_masked, is_now_masked = is_masked(customer.email), is_masked(told.email)
    if was_masked != is_now_masked:  # a marketplace's stand-in is not ours to write to
        customer.is_contactable = was_masked
    customer.name, customer.kana, customer.locale = told.name, told.kana, told.locale
    customer.email, customer.email_norm = told.email, normalise(told.email)
    customer.save(update_fields=["name", "kana", "locale", "email", "email_norm", "is_contactable"])
    return customer
