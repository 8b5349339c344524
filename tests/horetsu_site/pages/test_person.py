"""Adding somebody by hand, and correcting who somebody is."""

import pytest

from crm.customers.enums import ConsentPurpose, ConsentState
from crm.customers.models import Customer
from crm.customers.selectors import latest_consent
from crm.shops.enums import Role
from crm.tenancy.door import tenant
from tests.factories import make_customer, make_member

pytestmark = pytest.mark.django_db

LIST = "/shops/otonari/customers/"
KEY = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def staff(client, shop):
    user = make_member(shop, Role.STAFF)
    client.force_login(user)
    return user


def people(shop):
    with tenant(shop):
        return list(Customer.objects.order_by("pk"))


def test_somebody_is_added_once_however_often_the_form_is_sent(client, shop):
    typed = {"key": KEY, "name": "山口 佳代", "kana": "やまぐち かよ", "email": "Kayo@example.jp"}
    for _ in range(2):
        response = client.post(f"{LIST}new/", typed)

    (kayo,) = people(shop)
    assert response.headers["Location"] == f"{LIST}{kayo.pk}/"
    assert (kayo.name, kayo.kana, kayo.email_norm) == (
        "山口 佳代",
        "やまぐち かよ",
        "kayo@example.jp",
    )


def test_a_name_alone_is_enough_and_sent_twice_is_one_person(client, shop):
    for _ in range(2):
        client.post(f"{LIST}new/", {"key": KEY, "name": "山口 佳代"})

    (kayo,) = people(shop)
    html = client.get(f"{LIST}{kayo.pk}/").content.decode()
    assert KEY not in html  # the form's key is no number that says anything


def test_whoever_has_the_address_already_is_shown_and_left_as_they_are(client, shop):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳代", email="kayo@example.jp")

    response = client.post(
        f"{LIST}new/", {"key": KEY, "name": "別の名", "email": "ＫＡＹＯ@example.jp"}
    )

    assert response.headers["Location"] == f"{LIST}{kayo.pk}/"
    assert [person.name for person in people(shop)] == ["山口 佳代"]


def test_nobody_is_known_by_nothing(client, shop):
    response = client.post(
        f"{LIST}new/", {"key": KEY, "kana": "かよ"}, headers={"Accept-Language": "ja"}
    )

    assert response.status_code == 422
    assert "お名前かアドレスのどちらか" in response.content.decode()
    assert people(shop) == []


def test_that_they_would_like_letters_is_kept_with_how_we_know(client, shop, staff):
    typed = {"key": KEY, "name": "山口 佳代", "wants_letters": "on"}
    without = client.post(f"{LIST}new/", typed)
    client.post(f"{LIST}new/", {**typed, "how": "店頭のカード"})

    (kayo,) = people(shop)
    assert without.status_code == 422
    with tenant(shop):
        assert latest_consent(kayo, ConsentPurpose.FOLLOW_UP) == ConsentState.GIVEN
        assert kayo.consents.get().evidence == {"words": "店頭のカード", "by": f"user:{staff.pk}"}


def test_a_correction_is_taken_as_it_is_told_and_an_empty_text_takes_away(client, shop):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳世", kana="やまぐち", email="old@example.jp")

    client.post(
        f"{LIST}{kayo.pk}/edit/", {"name": "山口 佳代", "email": "New@example.jp", "locale": "en"}
    )

    (now,) = people(shop)
    assert (now.name, now.kana, now.email, now.email_norm, now.locale) == (
        "山口 佳代", "", "New@example.jp", "new@example.jp", "en",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "email", "is_contactable"),
    [
        (False, "kayo@example.jp", True),
        (True, "x@fw.rakuten.ne.jp", False),
    ],
)
def test_a_marketplaces_stand_in_is_not_written_to_and_an_own_address_is(
    client, shop, before, email, is_contactable
):
    known = "kayo@example.jp" if before else "x@marketplace.amazon.co.jp"
    with tenant(shop):
        kayo = make_customer(shop, email=known, is_contactable=before)

    client.post(f"{LIST}{kayo.pk}/edit/", {"name": "山口", "email": email})

    assert people(shop)[0].is_contactable is is_contactable


def test_somebody_who_may_not_be_written_to_stays_so_when_a_letter_is_corrected(client, shop):
    with tenant(shop):
        left = make_customer(shop, email="kayo@exmaple.jp", is_contactable=False)

    client.post(f"{LIST}{left.pk}/edit/", {"name": "山口", "email": "kayo@example.jp"})

    assert people(shop)[0].is_contactable is False


def test_a_mistake_changes_nothing_and_leaves_the_name_above_the_form(client, shop):
    with tenant(shop):
        kayo = make_customer(shop, name="山口 佳代")

    response = client.post(f"{LIST}{kayo.pk}/edit/", {"name": "違う人", "email": "no address"})

    html = response.content.decode()
    assert response.status_code == 422
    assert html.count("山口 佳代") == 1
    assert 'value="違う人"' in html
    assert people(shop)[0].name == "山口 佳代"
