"""Saying stop: by a page's button or a mail program's one click, and what follows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from crm.customers.enums import (
    ConsentPurpose,
    ConsentState,
    SuppressionReason,
    SuppressionScope,
)
from crm.customers.models import Consent, Customer, Suppression
from crm.customers.selectors import latest_consent
from crm.customers.services import is_suppressed, record_consent, suppress
from crm.ledger.enums import Kind
from crm.ledger.models import Touchpoint
from crm.mail.enums import MailReason, MailState, Purpose
from crm.mail.models import Mail
from crm.mail.selectors import database_now
from crm.mail.services import queue_mail
from crm.mail.tokens import Recipient, unsubscribe_token, unsubscribe_url
from crm.shops.models import Shop
from crm.tenancy.door import tenant
from tests.crm.mail.conftest import WORDS
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def guest() -> Client:
    """A mail program: it keeps no cookies, and Django's CSRF check is on as in production."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def kayo(shop: Shop) -> Customer:
    """A customer who allowed everything, with a mail that waits for her."""
    with tenant(shop):
        customer = make_customer(shop, email="kayo@example.com", name="山口 佳代")
        for purpose in ConsentPurpose:
            record_consent(
                customer=customer,
                purpose=purpose,
                state=ConsentState.GIVEN,
                at=timezone.now(),
                evidence={},
            )
        queue(customer)
        return customer


def queue(customer: Customer, **kwargs: Any) -> Mail:
    now = database_now()
    options: dict[str, Any] = {
        "customer": customer,
        "purpose": Purpose.NPS,
        "words": WORDS,
        "due_at": now,
        "expires_at": now + timedelta(days=1),
        "dedup_key": f"test:{customer.pk}",
    }
    return queue_mail(**options | kwargs)


def page_of(customer: Customer) -> str:
    return f"/u/{unsubscribe_token(Recipient(customer.shop_id, customer.pk))}/"


def one_click(guest: Client, customer: Customer) -> Any:
    return guest.post(
        page_of(customer), ONE_CLICK, content_type="application/x-www-form-urlencoded"
    )


def is_stopped(shop: Shop, address: str) -> bool:
    scopes = (SuppressionScope.SURVEY, SuppressionScope.FOLLOW_UP)
    with tenant(shop):
        return all(is_suppressed(shop_id=shop.pk, address=address, scope=s) for s in scopes)


def everything(shop: Shop) -> dict[str, list[Any]]:
    """Every row the shop can see, table by table."""
    with tenant(shop), connection.cursor() as cursor:
        rows = {}
        for model in apps.get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t ORDER BY 1')  # noqa: S608
            rows[model._meta.db_table] = cursor.fetchall()
        return rows


def test_the_address_in_a_mail_leads_to_the_page(kayo: Customer, guest: Client) -> None:
    url = unsubscribe_url(kayo)

    assert url.startswith("http")
    assert url.endswith(page_of(kayo))
    assert guest.get(page_of(kayo)).status_code == 200


def test_opening_the_page_changes_nothing_however_often(
    shop: Shop, kayo: Customer, guest: Client
) -> None:
    before = everything(shop)

    for _ in range(50):
        guest.get(page_of(kayo))
        guest.head(page_of(kayo))

    assert everything(shop) == before
    assert before["crm_mail"]


def test_the_page_names_the_shop_and_nobody_else(kayo: Customer, guest: Client) -> None:
    response = guest.get(page_of(kayo))

    page = response.content.decode()
    assert "おとなり茶舗" in page
    assert "山口" not in page
    assert "kayo" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_neither_page_sets_a_cookie_or_may_be_kept(
    kayo: Customer, guest: Client, method: str
) -> None:
    response = getattr(guest, method)(page_of(kayo))

    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "post",
    [
        one_click,
        lambda guest, customer: guest.post(page_of(customer), {"List-Unsubscribe": "One-Click"}),
        lambda guest, customer: guest.post(
            page_of(customer), "gibberish", content_type="multipart/form-data; boundary=x"
        ),
    ],
    ids=["urlencoded", "multipart", "broken multipart"],
)
def test_one_post_stops_everything(
    shop: Shop, kayo: Customer, guest: Client, post: Callable[[Client, Customer], Any]
) -> None:
    response = post(guest, kayo)

    assert response.status_code == 200
    assert is_stopped(shop, "kayo@example.com")
    with tenant(shop):
        [mail] = Mail.objects.all()
        assert (mail.state, mail.reason) == (MailState.CANCELLED, MailReason.UNSUBSCRIBED)
        assert Touchpoint.objects.filter(customer=kayo, kind=Kind.UNSUBSCRIBED).count() == 1
        assert {latest_consent(kayo, purpose) for purpose in ConsentPurpose} == {
            ConsentState.REFUSED
        }


@pytest.mark.parametrize(("button", "by"), [("", "mail program"), ("stop/", "page")])
def test_how_somebody_said_stop_is_kept(
    shop: Shop, kayo: Customer, guest: Client, button: str, by: str
) -> None:
    guest.post(page_of(kayo) + button)

    with tenant(shop):
        consent = Consent.objects.filter(state=ConsentState.REFUSED).first()
        assert consent
        assert consent.evidence == {"means": "unsubscribe link", "by": by}


def test_saying_stop_again_changes_nothing(shop: Shop, kayo: Customer, guest: Client) -> None:
    first = one_click(guest, kayo)
    after_the_first = everything(shop)

    second = one_click(guest, kayo)

    assert everything(shop) == after_the_first
    assert second.content == first.content


def test_whoever_gave_no_word_before_has_refused_now(shop: Shop, guest: Client) -> None:
    with tenant(shop):
        customer = make_customer(shop)

    one_click(guest, customer)

    with tenant(shop):
        assert latest_consent(customer, ConsentPurpose.SURVEY) == ConsentState.REFUSED


def test_an_earlier_address_is_stopped_too(shop: Shop, kayo: Customer, guest: Client) -> None:
    with tenant(shop):
        Customer.objects.filter(pk=kayo.pk).update(email="kayo@new.example")

    one_click(guest, kayo)

    assert is_stopped(shop, "kayo@example.com")
    assert is_stopped(shop, "kayo@new.example")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("kayo+tea@example.com", "kayo@example.com"),
        ("kayo@example.com", "KAYO+Cups@example.com"),
        ("ka.yo@gmail.com", "kayo+1@googlemail.com"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("kayo@example.com", "ｋａｙｏ＠example.com"),
    ],
)
def test_a_stop_holds_however_the_address_is_written(
    shop: Shop, guest: Client, said: str, written: str
) -> None:
    with tenant(shop):
        customer = make_customer(shop, email=said)

    one_click(guest, customer)
    one_click(guest, customer)

    assert is_stopped(shop, written)
    with tenant(shop):
        assert Touchpoint.objects.filter(kind=Kind.UNSUBSCRIBED).count() == 1


def test_an_address_that_bounced_cuts_off_no_other_writing(shop: Shop) -> None:
    with tenant(shop):
        suppress(
            shop_id=shop.pk,
            address="kayo+mistyped@example.com",
            reason=SuppressionReason.BOUNCED,
            at=timezone.now(),
        )

    assert is_stopped(shop, "kayo+mistyped@example.com")
    assert not is_stopped(shop, "kayo@example.com")


def test_a_link_of_somebody_merged_stops_the_person_they_became(
    shop: Shop, kayo: Customer, guest: Client
) -> None:
    with tenant(shop):
        kept = make_customer(shop, email="kayo@kept.example")
        waiting = queue(kept)
        Customer.objects.filter(pk=kayo.pk).update(merged_into=kept)

    one_click(guest, kayo)

    assert is_stopped(shop, "kayo@kept.example")
    with tenant(shop):
        assert Mail.objects.get(pk=waiting.pk).state == MailState.CANCELLED
        assert Touchpoint.objects.get(kind=Kind.UNSUBSCRIBED).customer == kept


def test_nobody_elses_mails_are_stopped(shop: Shop, kayo: Customer, guest: Client) -> None:
    with tenant(shop):
        neighbour = make_customer(shop, email="neighbour@example.com")
        waiting = queue(neighbour)

    one_click(guest, kayo)

    assert not is_stopped(shop, "neighbour@example.com")
    with tenant(shop):
        assert Mail.objects.get(pk=waiting.pk).state == MailState.DUE


def test_somebody_who_is_gone_sees_that_it_is_done(
    shop: Shop, kayo: Customer, guest: Client
) -> None:
    gone = Customer(pk=kayo.pk + 1000, shop=shop)

    assert guest.get(page_of(gone)).status_code == 200
    assert one_click(guest, gone).content == one_click(guest, kayo).content


def test_nothing_is_written_about_somebody_who_was_erased(
    shop: Shop, kayo: Customer, guest: Client
) -> None:
    with tenant(shop):
        Mail.objects.all().delete()
        Customer.objects.filter(pk=kayo.pk).update(email="", erased_at=timezone.now())
    before = everything(shop)

    assert one_click(guest, kayo).status_code == 200
    assert everything(shop) == before


def test_a_link_works_in_its_own_shop_only(
    shop: Shop, other_shop: Shop, kayo: Customer, guest: Client
) -> None:
    stranger = Customer(pk=kayo.pk, shop=other_shop)

    one_click(guest, stranger)

    assert not is_stopped(shop, "kayo@example.com")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_nobody_signed_leads_nowhere(kayo: Customer, guest: Client, method: str) -> None:
    forged = page_of(kayo).replace("-", "-1")

    assert getattr(guest, method)(forged).status_code == 404


def test_a_link_of_a_shop_that_is_gone_leads_nowhere(shop: Shop, guest: Client) -> None:
    assert guest.get(page_of(Customer(pk=1, shop_id=shop.pk + 1000))).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_only_reading_and_posting_are_understood(
    kayo: Customer, guest: Client, method: str
) -> None:
    assert getattr(guest, method)(page_of(kayo)).status_code == 405


@pytest.mark.parametrize(
    ("locale", "query", "language"),
    [("", "", "ja"), ("en", "", "en"), ("en", "?lang=ja", "ja"), ("ja", "?lang=en", "en")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_speaks_the_persons_language(
    shop: Shop, kayo: Customer, guest: Client, method: str, locale: str, query: str, language: str
) -> None:
    with tenant(shop):
        Customer.objects.filter(pk=kayo.pk).update(locale=locale)

    response = getattr(guest, method)(page_of(kayo) + query, HTTP_ACCEPT_LANGUAGE="de")

    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["kayo@example.com", ""])
def test_twenty_clicks_at_once_are_one_wish(shop: Shop, address: str) -> None:
    with tenant(shop):
        kayo = make_customer(shop, email=address)

    def click(_: int) -> int:
        try:
            return int(one_click(Client(), kayo).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(click, range(20)))

    assert answers == [200] * 20
    with tenant(shop):
        assert Touchpoint.objects.filter(kind=Kind.UNSUBSCRIBED).count() == 1
        assert Consent.objects.filter(state=ConsentState.REFUSED).count() == 2
        assert Suppression.objects.count() == (1 if address else 0)
