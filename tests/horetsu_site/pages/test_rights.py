import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.customers.enums import ConsentPurpose, ConsentState, SuppressionReason
from crm.customers.models import Consent, Customer, CustomerIdentity, Suppression
from crm.customers.quiet import FOR_GOOD
from crm.ledger.enums import Kind
from crm.models import AuditEntry
from crm.shops.enums import Act, Role
from crm.shops.models import Shop, User
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_member, make_purchase, make_touchpoint

pytestmark = pytest.mark.django_db

WORDS = "=HYPERLINK(1) 縁側でお茶をいただき、祖母のことを思い出しました。"


@pytest.fixture
def kayo(shop: Shop) -> Customer:
    with tenant(shop):
        customer = make_customer(shop, name="山口 佳代", email="kayo@example.com")
        CustomerIdentity.objects.create(
            shop=shop, customer=customer, source="eccube", external_id="K-77"
        )
        make_purchase(customer, external_id="P-1", total=864_000)
        make_touchpoint(customer, Kind.LETTER, text=WORDS)
        return customer


@pytest.fixture
def owner_client(client: Client, owner: User) -> Client:
    """The owner, who has shown just now who they are."""
    client.post("/login/", {"login": owner.email, "password": "correct horse battery"})
    return client


def page(shop: Shop, customer: Customer, verb: str) -> str:
    return f"/shops/{shop.slug}/customers/{customer.pk}/{verb}/"


def unpacked(response: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


@pytest.mark.parametrize("verb", ["export", "erase"])
def test_the_page_that_asks_first_says_about_whom(
    shop: Shop, kayo: Customer, owner_client: Client, verb: str
) -> None:
    html = owner_client.get(page(shop, kayo, verb)).content.decode()

    assert f'<a href="/shops/otonari/customers/{kayo.pk}/">山口 佳代さま</a>' in html


# --- to have what is held ------------------------------------------------------------------------


def test_a_person_gets_all_that_is_held_about_them(
    shop: Shop, kayo: Customer, owner_client: Client
) -> None:
    response = owner_client.post(page(shop, kayo, "export"))

    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="customer-{kayo.pk}.zip"'
    files = unpacked(response)
    for word in ("山口 佳代", "kayo@example.com", "K-77", "P-1", "8640", "祖母のこと"):
        assert word in files["index.html"], word
    data = json.loads(files["data.json"])["tables"]
    assert [row["external_id"] for row in data["crm.purchase"]] == ["P-1"]
    assert data["crm.touchpointtext"][0]["text"] == WORDS
    assert "'=HYPERLINK" in files["tables/crm.touchpointtext.csv"], "no spreadsheet runs it"


def test_nobody_elses_rows_are_handed_over(
    shop: Shop, kayo: Customer, owner_client: Client
) -> None:
    with tenant(shop):
        neighbour = make_customer(shop, name="鈴木 花", email="hana@example.com")
        make_touchpoint(
            neighbour, Kind.REFERRAL, other_customer=kayo, text="佳代さんに勧めました。"
        )

    files = unpacked(owner_client.post(page(shop, kayo, "export")))

    assert not [name for name, text in files.items() if "鈴木" in text or "hana" in text]


def test_whoever_was_merged_into_them_is_handed_over_with_them(
    shop: Shop, kayo: Customer, owner_client: Client
) -> None:
    with tenant(shop):
        merged = make_customer(shop, email="old@example.com", merged_into=kayo)
        make_purchase(merged, external_id="P-0")

    files = unpacked(owner_client.post(page(shop, kayo, "export")))

    assert "old@example.com" in files["index.html"]
    assert "P-0" in files["index.html"]


@pytest.mark.parametrize(
    ("locale", "title"), [("", "お預かりしているもの"), ("en", "What we hold")]
)
def test_it_is_in_the_language_of_the_person(
    shop: Shop, kayo: Customer, owner_client: Client, locale: str, title: str
) -> None:
    with tenant(shop):
        Customer.objects.filter(pk=kayo.pk).update(locale=locale)

    files = unpacked(owner_client.post(page(shop, kayo, "export")))

    assert title in files["index.html"]


def test_what_was_handed_over_is_written_down(
    shop: Shop, kayo: Customer, owner_client: Client, owner: User
) -> None:
    owner_client.get(page(shop, kayo, "export"))
    owner_client.post(page(shop, kayo, "export"))

    with tenant(shop):
        entry = AuditEntry.objects.get(act=Act.CUSTOMER_EXPORTED)
    assert (entry.about, entry.actor_id) == (f"customer:{kayo.pk}", owner.pk)


@pytest.mark.parametrize("verb", ["export", "erase"])
def test_what_is_grave_asks_first_who_one_is(
    shop: Shop, kayo: Customer, client: Client, owner: User, verb: str
) -> None:
    client.force_login(owner)

    for method in (client.get, client.post):
        response = method(page(shop, kayo, verb))
        assert response.status_code == 302
        assert "/account/again/" in response["Location"]
    with tenant(shop):
        assert Customer.objects.get(pk=kayo.pk).name


@pytest.mark.parametrize("verb", ["export", "wishes"])
def test_of_somebody_erased_there_is_nothing_to_show(
    shop: Shop, kayo: Customer, owner_client: Client, verb: str
) -> None:
    owner_client.post(page(shop, kayo, "erase"))

    assert owner_client.get(page(shop, kayo, verb)).status_code == 404
    assert owner_client.post(page(shop, kayo, verb)).status_code == 404


# --- to be forgotten -----------------------------------------------------------------------------


def test_before_forgetting_the_page_says_what_goes_and_what_stays(
    shop: Shop, kayo: Customer, owner_client: Client
) -> None:
    text = owner_client.get(page(shop, kayo, "erase")).content.decode()

    assert "元には戻せません" in text
    assert "残るもの" in text
    with tenant(shop):
        assert Customer.objects.get(pk=kayo.pk).name == "山口 佳代"


def test_one_press_forgets_and_a_second_one_does_nothing(
    shop: Shop, kayo: Customer, owner_client: Client, owner: User
) -> None:
    answers = [owner_client.post(page(shop, kayo, "erase")) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [f"/shops/{shop.slug}/customers/"] * 2
    with tenant(shop):
        assert Customer.objects.get(pk=kayo.pk).name == ""
        assert AuditEntry.objects.get(act=Act.CUSTOMER_ERASED).actor_id == owner.pk
    assert "山口" not in owner_client.get(f"/shops/{shop.slug}/customers/").content.decode()


@pytest.mark.parametrize("verb", ["export", "erase"])
@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_staff_and_viewers_may_not(
    shop: Shop, kayo: Customer, client: Client, role: Role, verb: str
) -> None:
    client.force_login(make_member(shop, role))

    assert client.post(page(shop, kayo, verb)).status_code == 403


# --- to be written to otherwise ------------------------------------------------------------------


def told(client: Client, shop: Shop, customer: Customer, **posted: Any) -> Any:
    return client.post(page(shop, customer, "wishes"), {"rest": "", "how": "phone"} | posted)


def test_what_was_said_on_the_phone_holds_like_a_press_on_the_page(
    shop: Shop, kayo: Customer, owner_client: Client, owner: User
) -> None:
    told(owner_client, shop, kayo)

    with tenant(shop):
        assert Suppression.objects.get().reason == SuppressionReason.UNSUBSCRIBED
        consent = Consent.objects.filter(state=ConsentState.REFUSED).latest("pk")
        assert consent.evidence == {"means": "phone", "by": f"user:{owner.pk}"}
        assert AuditEntry.objects.get(act=Act.CONTACT_STOPPED).about == f"customer:{kayo.pk}"


def test_letters_they_asked_for_may_be_sent(
    shop: Shop, kayo: Customer, owner_client: Client
) -> None:
    told(owner_client, shop, kayo, topics=["survey", "follow_up"])

    with tenant(shop):
        given = Consent.objects.get()
        assert (given.purpose, given.state) == (ConsentPurpose.FOLLOW_UP, ConsentState.GIVEN)
        assert not AuditEntry.objects.filter(act=Act.CONTACT_STOPPED).exists()


def test_who_asks_to_be_left_in_peace_is(shop: Shop, kayo: Customer, owner_client: Client) -> None:
    told(owner_client, shop, kayo, topics=["survey"], rest="peace")

    with tenant(shop):
        assert Customer.objects.get(pk=kayo.pk).quiet_until == FOR_GOOD


def test_how_they_told_us_must_be_said(shop: Shop, kayo: Customer, owner_client: Client) -> None:
    response = told(owner_client, shop, kayo, how="")

    assert response.status_code == 422
    with tenant(shop):
        assert not Consent.objects.exists()


def test_a_merged_person_is_the_one_they_became(
    shop: Shop, kayo: Customer, owner_client: Client
) -> None:
    with tenant(shop):
        twin = make_customer(shop, merged_into=kayo)

    told(owner_client, shop, twin, topics=["survey"], rest="peace")

    with tenant(shop):
        assert Customer.objects.get(pk=kayo.pk).quiet_until == FOR_GOOD
    assert timezone.now() < FOR_GOOD
