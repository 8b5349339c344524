"""Plain makers of rows, free of surprises. Tenant rows need to be made inside `tenant(shop)`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from time import time
from typing import Any

from django.test import Client
from django.utils import timezone

from crm.customers.addresses import normalise
from crm.customers.models import Customer, Purchase
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.ledger.services import record_touchpoint
from crm.shops.enums import Role
from crm.shops.models import MemberInvitation, Membership, Shop, User
from crm.shops.people.services import invite
from crm.shops.people.tokens import JoinLink, digest, join_token, new_secret
from crm.shops.services import create_shop

NOON = datetime(2026, 5, 10, 3, 0, tzinfo=UTC)  # 12:00 in Tokyo

_numbers = count(1)


def make_user(email: str = "", password: str = "correct horse battery") -> User:
    return User.objects.create_user(email or f"user{next(_numbers)}@example.com", password)


def make_member(shop: Shop, role: Role) -> User:
    user = make_user()
    Membership.objects.create(shop=shop, user=user, role=role)
    return user


def sign_in(client: Client, user: User) -> None:
    """As `client.force_login`, and as if they had typed their password just now."""
    client.force_login(user)
    session = client.session
    proof = {"method": "password", "at": time(), "reauthenticated": True}
    session["account_authentication_methods"] = [proof]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@dataclass(frozen=True)
class Invited:
    invitation: MemberInvitation
    token: str


def make_invitation(shop: Shop, *, by: User, email: str, role: Role = Role.STAFF) -> Invited:
    """An open invitation and what its link carries, which the mail alone knows."""
    invite(shop=shop, email=email, role=role, by=by, now=timezone.now())
    invitation = MemberInvitation.objects.get(shop=shop, email=email)
    secret = new_secret()
    MemberInvitation.objects.filter(pk=invitation.pk).update(sha256=digest(secret))
    return Invited(invitation, join_token(JoinLink(shop.pk, invitation.pk, secret)))


def make_shop(slug: str = "", owner: User | None = None, **kwargs: Any) -> Shop:
    number = next(_numbers)
    return create_shop(
        slug=slug or f"shop-{number}",
        name=kwargs.pop("name", "おとなり茶舗"),
        time_zone=kwargs.pop("time_zone", "Asia/Tokyo"),
        owner=owner or make_user(),
        **kwargs,
    )


def make_customer(shop: Shop, **kwargs: Any) -> Customer:
    number = next(_numbers)
    email = kwargs.pop("email", f"customer{number}@example.com")
    return Customer.objects.create(
        shop=shop,
        email=email,
        email_norm=normalise(email),
        name=kwargs.pop("name", f"山口 佳代{number}"),
        **kwargs,
    )


def make_purchase(customer: Customer, **kwargs: Any) -> Purchase:
    number = next(_numbers)
    return Purchase.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        source=kwargs.pop("source", "test"),
        external_id=kwargs.pop("external_id", f"P{number}"),
        ordered_at=kwargs.pop("ordered_at", NOON),
        total=kwargs.pop("total", 500_000),
        currency=kwargs.pop("currency", "JPY"),
        **kwargs,
    )


def make_touchpoint(customer: Customer, kind: Kind, **kwargs: Any) -> Touchpoint:
    value = kwargs.pop("value", None)
    return record_touchpoint(
        customer=customer,
        kind=kind,
        at=kwargs.pop("at", NOON),
        source=kwargs.pop("source", f"test:{next(_numbers)}"),
        value=None if value is None else Decimal(value),
        **kwargs,
    )
